package io.manul.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Listing;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployerTest {

    @TempDir
    private Path root;
    private final Map<String, Obj> objects = new HashMap<>();
    private final List<String> told = new ArrayList<>();

    /** Keeps AddOns and ConfigMaps by name; refuses those named bad. */
    private final Cluster cluster = (Cluster) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Cluster.class}, (p, m, a) -> {
        switch (m.getName()) {
            case "raw" -> {
                return Obj.parse("{\"resources\":[{\"name\":\"configmaps\",\"kind\":\"ConfigMap\",\"namespaced\":true}]}");
            }
            case "get" -> {
                return ((Resource) a[0]).kind().equals("CustomResourceDefinition") ? Optional.of(Obj.of())
                        : Optional.ofNullable(objects.get(((Resource) a[0]).kind() + "/" + a[2]));
            }
            case "create" -> {
                if (((Obj) a[2]).name().equals("bad")) {
                    throw new ClusterException(422, "Invalid", "bad is invalid", null);
                }
                objects.put(((Resource) a[0]).kind() + "/" + ((Obj) a[2]).name(), (Obj) a[2]);
                return a[2];
            }
            case "patch" -> {
                return Obj.of();
            }
            case "list" -> {
                return new Listing("1", objects.values().stream().filter(o -> o.kind().equals("ConfigMap")).toList());
            }
            case "delete" -> {
                objects.remove(((Resource) a[0]).kind() + "/" + a[2]);
                return true;
            }
            default -> throw new AssertionError(m.getName());
        }
    });
    private final Events events = new Events() {
        @Override
        public void normal(Obj about, String reason, String message) {
            told.add(about.name() + " " + reason);
        }

        @Override
        public void warning(Obj about, String reason, String message) {
            told.add(about.name() + " " + reason);
        }

        @Override
        public void close() {
        }
    };

    private void file(String path, String name) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}");
    }

    @Test
    void aRefusedFileAloneIsTriedAgain() throws Exception {
        file("a.yaml", "good");
        file("b.yaml", "bad");
        Deployer deployer = new Deployer(root, List.of(), cluster, events);
        assertFalse(deployer.pass(Folder.at(root)));
        assertEquals(List.of("a ApplyingManifest", "a AppliedManifest", "b ApplyingManifest", "b ApplyManifestFailed"), told);
        told.clear();
        assertFalse(deployer.pass(Folder.at(root)));
        assertEquals(List.of("b ApplyingManifest", "b ApplyManifestFailed"), told);
        file("b.yaml", "better");
        assertTrue(deployer.pass(Folder.at(root)));
    }

    @Test
    void aDisabledFolderHoldsItsSubfolders() throws Exception {
        for (String path : List.of("sub/a.yaml", "sub/deep/b.yaml", "other/sub/c.yaml")) {
            file(path, "m");
        }
        assertTrue(new Deployer(root, List.of("sub"), cluster, events).pass(Folder.at(root)));
        assertFalse(Files.exists(root.resolve("sub/a.yaml")));
        assertFalse(Files.exists(root.resolve("sub/deep/b.yaml")));
        assertTrue(Files.exists(root.resolve("other/sub/c.yaml")));
    }
}
