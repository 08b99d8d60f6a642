package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.validation.BuiltInModel;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import io.manul.schema.Subresource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A stored CustomResourceDefinition, as something to serve by. The names are the accepted ones. */
final class Definition {

    static final String GROUP = "apiextensions.k8s.io";
    static final String PLURAL = "customresourcedefinitions";

    private static final List<String> VERBS = List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
    private static final List<String> VERBS_TERMINATING = List.of("delete", "deletecollection", "get", "list", "watch");
    private static final List<String> PART_VERBS = List.of("get", "patch", "update");

    private final Obj crd;

    Definition(Obj crd) {
        this.crd = crd;
    }

    /** Changes with every write of it. */
    String identity() {
        return crd.uid() + ":" + crd.resourceVersion();
    }

    boolean established() {
        return condition(crd, "Established").filter(c -> c.text("status").equals("True")).isPresent();
    }

    static Optional<Obj> condition(Obj crd, String type) {
        return crd.objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    String group() {
        return crd.text("spec", "group");
    }

    String plural() {
        return crd.text("status", "acceptedNames", "plural");
    }

    List<Obj> servedVersions() {
        return crd.objects("spec", "versions").stream().filter(v -> v.flag("served")).toList();
    }

    Optional<Obj> version(String name) {
        return servedVersions().stream().filter(v -> v.text("name").equals(name)).findFirst();
    }

    private String storageVersion() {
        return crd.objects("spec", "versions").stream().filter(v -> v.flag("storage")).map(v -> v.text("name")).findFirst().orElse("");
    }

    Served served(Obj version, BuiltInModel objectMeta) {
        StructuralModel model = new StructuralModel(version.at("schema", "openAPIV3Schema"), objectMeta);
        CustomStrategy strategy = new CustomStrategy(version, model, crd.deleting());
        Resource shown = resource(version, VERBS);
        Resource stored = resource(version, storageVersion(), VERBS);
        // conversion None: an object is checked by the version it was sent in, and stored under the other's apiVersion
        return new Served(shown, strategy, model, new CustomForm(shown.apiVersion(), stored.apiVersion(), model), group(),
                new Served.Storage(stored, strategy, model), "");
    }

    /** As discovery lists it. */
    Resource discovered(Obj version) {
        return resource(version, crd.deleting() ? VERBS_TERMINATING : VERBS);
    }

    private Resource resource(Obj version, List<String> verbs) {
        return resource(version, version.text("name"), verbs);
    }

    private Resource resource(Obj version, String name, List<String> verbs) {
        Obj names = crd.at("status", "acceptedNames");
        String kind = names.text("kind");
        List<Subresource> parts = new ArrayList<>();
        if (version.has("subresources", "status")) {
            parts.add(new Subresource("status", group(), name, kind, PART_VERBS));
        }
        if (version.has("subresources", "scale")) {
            parts.add(new Subresource("scale", "autoscaling", "v1", "Scale", PART_VERBS));
        }
        return new Resource(group(), name, names.text("plural"), names.text("singular"), kind, names.text("listKind"),
                crd.text("spec", "scope").equals("Namespaced"), verbs, names.strings("shortNames"), names.strings("categories"), parts, "",
                storageHash(group(), storageVersion(), kind));
    }

    /** APIResource.storageVersionHash: eight bytes of the SHA-256 of the stored kind. */
    static String storageHash(String group, String version, String kind) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest((group + "/" + version + "/" + kind).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(all, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
