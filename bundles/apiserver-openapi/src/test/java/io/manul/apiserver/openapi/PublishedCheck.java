package io.manul.apiserver.openapi;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import io.manul.schema.GroupVersion;
import io.manul.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares the documents with the published ones of the same Kubernetes minor, as JSON, and prints each difference. Argument:
 * the folder with discovery and openapi-v3. The published ones show every alpha and beta version; those are left out first.
 */
public final class PublishedCheck {

    private static final String V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Path folder;
    private final Schema schema = Schema.builtIn();
    private final Documents documents = new Documents(schema, "10.10.10.10:8050");
    private int compared;
    private int differences;

    private PublishedCheck(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, ApiException {
        PublishedCheck check = new PublishedCheck(Path.of(args[0]));
        check.discovery();
        check.openApiV3();
        check.openApiV2();
        System.out.println(check.compared + " documents compared, " + check.differences + " differences");
        System.exit(check.differences == 0 ? 0 : 1);
    }

    private void discovery() throws IOException, ApiException {
        compare("/api", "", read("discovery/api.json"));
        compare("/api/v1", "", read("discovery/api__v1.json"));
        compare("/apis", "", stable(read("discovery/apis.json"), "groups", "name"));
        compare("/apis", V2, stable(read("discovery/aggregated_v2.json"), "items", "metadata", "name"));
        for (GroupVersion gv : schema.groupVersions()) {
            if (gv.served() && !gv.group().isEmpty()) {
                compare("/apis/" + gv.group(), "", only(read("discovery/apis__" + gv.group() + ".json")));
                compare("/apis/" + gv.apiVersion(), "", read("discovery/apis__" + gv.apiVersion().replace("/", "__") + ".json"));
            }
        }
    }

    private void openApiV3() throws IOException, ApiException {
        for (GroupVersion gv : schema.groupVersions()) {
            if (gv.served()) {
                String path = gv.group().isEmpty() ? "api/v1" : "apis/" + gv.apiVersion();
                Obj published = read("openapi-v3/" + path.replace("/", "__") + "_openapi.json");
                Obj ours = Obj.parse(documents.get("/openapi/v3/" + path, "", DynamicTypes.none()).orElseThrow().body());
                compared++;
                schemas(path, published.at("components", "schemas"), ours.at("components", "schemas"));
                paths(path, published.at("paths"), ours.at("paths"));
            }
        }
    }

    private void openApiV2() throws IOException, ApiException {
        Obj published = read("swagger.json");
        Obj ours = Obj.parse(documents.get("/openapi/v2", "", DynamicTypes.none()).orElseThrow().body());
        compared++;
        published.at("definitions").map().keySet().retainAll(ours.at("definitions").map().keySet());
        // Only what belongs to a served version is compared: discovery's own paths and the like are not described by us.
        published.at("paths").map().keySet().removeIf(p -> !p.matches("/(api|apis/[^/]+)/v[0-9]+/.*"));
        schemas("v2", published.at("definitions"), ours.at("definitions"));
        paths("v2", published.at("paths"), ours.at("paths"));
    }

    /** Texts are from another source and enumerations are our own: neither is compared. */
    private void schemas(String at, Obj published, Obj ours) {
        difference(at, bare(published), bare(ours));
    }

    private static Object bare(Obj schemas) {
        Obj out = schemas.copy();
        out.map().values().forEach(PublishedCheck::strip);
        return out.map();
    }

    private static void strip(Object schema) {
        Obj.from(schema).ifPresent(s -> {
            s.remove("description");
            s.remove("enum");
            if (s.has("required")) {
                s.put("required", s.strings("required").stream().sorted().toList()); // a set
            }
            if (s.get("allOf") instanceof List<?> all && all.size() == 1 && s.map().size() == 1) {
                s.put("$ref", s.objects("allOf").getFirst().text("$ref")).remove("allOf"); // a reference without a text
            }
            if (s.get("x-kubernetes-group-version-kind") instanceof List<?> && s.objects("x-kubernetes-group-version-kind").size() > 1) {
                s.remove("x-kubernetes-group-version-kind"); // shared options: unserved versions are named there
            }
            s.at("properties").map().values().forEach(PublishedCheck::strip);
            strip(s.get("items"));
            strip(s.get("additionalProperties"));
        });
    }

    /** Each method of each path: action, kind, operation id. */
    private void paths(String at, Obj published, Obj ours) {
        published.map().keySet().removeIf(p -> p.contains("/watch/") || p.endsWith("{path}")); // Deviation: not served
        for (String path : union(published.map(), ours.map())) {
            for (String method : List.of("get", "put", "post", "patch", "delete")) {
                difference(at + " " + path + " " + method, operation(published.at(path, method)), operation(ours.at(path, method)));
            }
        }
    }

    private static Map<String, Object> operation(Obj o) {
        return Obj.of("action", o.get("x-kubernetes-action"), "kind", o.get("x-kubernetes-group-version-kind"), "id",
                o.get("operationId")).map();
    }

    private static TreeSet<String> union(Map<?, ?> a, Map<?, ?> b) {
        TreeSet<String> keys = new TreeSet<>();
        a.keySet().forEach(k -> keys.add((String) k));
        b.keySet().forEach(k -> keys.add((String) k));
        return keys;
    }

    /** Without unserved versions, and without groups that have no other. */
    private Obj stable(Obj list, String items, String... name) {
        List<Obj> left = list.objects(items).stream().filter(g -> schema.groupVersions().stream()
                .anyMatch(v -> v.served() && v.group().equals(g.text(name)))).map(this::only).toList();
        return list.put(items, left);
    }

    private Obj only(Obj group) {
        return group.put("versions", group.objects("versions").stream().filter(v -> v.text("version").matches("v[0-9]+")).toList());
    }

    private void compare(String path, String accept, Obj published) throws ApiException {
        compared++;
        difference(path, published.map(), Obj.parse(documents.get(path, accept, DynamicTypes.none()).orElseThrow().body()).map());
    }

    private void difference(String at, Object published, Object ours) {
        if (published instanceof Map<?, ?> p && ours instanceof Map<?, ?> o) {
            union(p, o).forEach(k -> difference(at + "." + k, p.get(k), o.get(k)));
        } else if (published instanceof List<?> p && ours instanceof List<?> o && p.size() == o.size()) {
            for (int i = 0; i < p.size(); i++) {
                difference(at + "[" + i + "]", p.get(i), o.get(i));
            }
        } else if (published == null ? ours != null : !published.equals(ours)) {
            differences++;
            System.out.println(at + ": published " + published + ", ours " + ours);
        }
    }

    private Obj read(String file) throws IOException {
        return Obj.parse(Files.readAllBytes(folder.resolve(file)));
    }
}
