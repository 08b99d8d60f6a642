package io.manul.apiserver.engine.kind;

import io.manul.apiserver.spi.Strategy;
import io.manul.schema.Resource;

/**
 * One resource in one served version.
 *
 * @param resource  as discovery lists it
 * @param strategy  what only this kind has
 * @param model     fields, types, defaults
 * @param form      how this version relates to the stored one
 * @param group     group that it is stored under; differs from the resource's for events.k8s.io
 * @param storage   the stored version, by which objects are validated and selected; this same one for most
 * @param refusal   why objects of it are not taken; empty for most
 */
public record Served(Resource resource, Strategy strategy, Model model, Form form, String group, Storage storage,
        String refusal) {

    /** The stored version's side. */
    public record Storage(Resource resource, Strategy strategy, Model model) {
    }

    public boolean custom() {
        return model instanceof CustomModel;
    }

    public boolean hasStatus() {
        return resource.subresource("status").isPresent();
    }

    /** Empty group for core, as keys and RBAC have it. */
    public String name() {
        return resource.plural();
    }
}
