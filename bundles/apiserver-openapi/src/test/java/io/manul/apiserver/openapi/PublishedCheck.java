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
            TreeSet<String> keys = new TreeSet<>();
            p.keySet().forEach(k -> keys.add((String) k));
            o.keySet().forEach(k -> keys.add((String) k));
            keys.forEach(k -> difference(at + "." + k, p.get(k), o.get(k)));
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
