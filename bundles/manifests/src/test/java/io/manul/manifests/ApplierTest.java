package io.manul.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Listing;
import io.manul.json.Obj;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApplierTest {

    private final List<String> created = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private boolean away;

    /** Serves ConfigMaps; refuses those named bad; an old one is in every list. */
    private final Cluster cluster = (Cluster) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Cluster.class}, (p, m, a) -> {
        switch (m.getName()) {
            case "raw" -> {
                if (!a[1].equals("/api/v1")) {
                    throw new ClusterException(404, "NotFound", "the server could not find the requested resource", null);
                }
                return Obj.parse("{\"resources\":[{\"name\":\"configmaps\",\"kind\":\"ConfigMap\",\"namespaced\":true}]}");
            }
            case "get" -> {
                return Optional.empty();
            }
            case "create" -> {
                if (away) {
                    throw new ClusterException(503, "ServiceUnavailable", "away", null);
                }
                String name = ((Obj) a[2]).name();
                if (name.startsWith("bad")) {
                    throw new ClusterException(422, "Invalid", name + " is invalid", null);
                }
                created.add(name);
                return a[2];
            }
            case "list" -> {
                return new Listing("1", List.of(map("old")));
            }
            case "delete" -> {
                deleted.add((String) a[2]);
                return true;
            }
            default -> throw new AssertionError(m.getName());
        }
    });
    private final Applier applier = new Applier(cluster, new Kinds(cluster));

    private static Obj map(String name) {
        return Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Obj.of("name", name, "namespace", "default"));
    }

    @Test
    void whatIsGoneFromTheFileIsPruned() throws Exception {
        assertEquals(Set.of("v1, Kind=ConfigMap"), applier.apply("a", List.of(map("one")), Set.of()));
        assertEquals(List.of("one"), created);
        assertEquals(List.of("old"), deleted);
    }

    @Test
    void whatIsRefusedHoldsUpNothingElse() {
        Obj unknown = Obj.of("apiVersion", "demo.io/v1", "kind", "Foo", "metadata", Obj.of("name", "f"));
        ClusterException e = assertThrows(ClusterException.class,
                () -> applier.apply("a", List.of(map("bad1"), unknown, map("good"), map("bad2")), Set.of("v1, Kind=ConfigMap")));
        assertEquals("bad1 is invalid; bad2 is invalid; no matches for kind \"Foo\" in version \"demo.io/v1\"", e.getMessage());
        assertEquals(List.of("good"), created);
        assertEquals(List.of(), deleted);
    }

    @Test
    void anApiThatIsAwayIsNotAskedForTheRest() {
        away = true;
        assertEquals("away", assertThrows(ClusterException.class, () -> applier.apply("a", List.of(map("one"), map("two")), Set.of())).getMessage());
    }
}
