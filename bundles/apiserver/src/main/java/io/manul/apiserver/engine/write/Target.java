package io.manul.apiserver.engine.write;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.store.Keys;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.util.List;

/**
 * What a write is about.
 *
 * @param name     empty for a create
 * @param sub      sub-resource, or empty
 * @param options  as given; never null
 * @param warnings messages for the client; added to
 */
public record Target(Served served, String namespace, String name, String sub, User user, boolean dryRun, Obj options,
        List<String> warnings) {

    public static Target of(Call call) throws ApiException {
        return new Target(call.served(), call.served().resource().namespaced() ? call.info().namespace() : "", call.info().name(),
                call.info().subresource(), call.user(), call.dryRun(), Obj.of(), call.warnings());
    }

    public Target named(String other) {
        return new Target(served, namespace, other, sub, user, dryRun, options, warnings);
    }

    public Target with(Obj otherOptions) {
        return new Target(served, namespace, name, sub, user, dryRun, otherOptions, warnings);
    }

    /** The object itself instead of a sub-resource. */
    public Target whole() {
        return new Target(served, namespace, name, "", user, dryRun, options, warnings);
    }

    public String key() {
        return Keys.key(served.group(), served.name(), namespace, name);
    }

    public String group() {
        return served.resource().group();
    }

    public String resource() {
        return served.resource().plural();
    }

    public ApiException notFound() {
        return ApiException.notFound(group(), resource(), name);
    }
}
