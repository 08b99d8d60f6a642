package io.manul.itests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Yaml;
import io.manul.itests.Await;
import io.manul.itests.ManulServer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official Java client and fabric8's against the API. Needs root. */
class ClientsIT {

    private static ManulServer server;
    private static String kubeconfig;

    @BeforeAll
    static void start() throws Exception {
        server = new ManulServer("clients", 13).start();
        // from outside the node's network namespace
        kubeconfig = Files.readString(server.kubeconfig()).replace("127.0.0.1", server.space().address());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void theOfficialClientReadsAndWrites() throws Exception {
        ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new java.io.StringReader(kubeconfig))).build();
        CoreV1Api core = new CoreV1Api(client);
        for (int i = 0; i < 5; i++) {
            core.createNamespacedConfigMap("default", new V1ConfigMap().metadata(new V1ObjectMeta().name("official-" + i).putLabelsItem("by", "official"))
                    .data(Map.of("n", Integer.toString(i)))).execute();
        }
        var page = core.listNamespacedConfigMap("default").labelSelector("by=official").limit(2).execute();
        assertEquals(2, page.getItems().size());
        var rest = core.listNamespacedConfigMap("default").labelSelector("by=official").limit(10)._continue(page.getMetadata().getContinue()).execute();
        assertEquals(3, rest.getItems().size());
        V1ConfigMap read = core.readNamespacedConfigMap("official-3", "default").execute();
        V1ConfigMap replaced = core.replaceNamespacedConfigMap("official-3", "default", read.putDataItem("n", "x")).execute();
        assertEquals("x", replaced.getData().get("n"));
        ApiException conflict = assertThrows(ApiException.class,
                () -> core.replaceNamespacedConfigMap("official-3", "default", read.putDataItem("n", "y")).execute());
        assertEquals(409, conflict.getCode());
        ApiException missing = assertThrows(ApiException.class, () -> core.readNamespacedConfigMap("nobody", "default").execute());
        assertTrue(missing.getResponseBody().contains("configmaps \\\"nobody\\\" not found"), missing.getResponseBody());
        V1Patch patch = new V1Patch("[{\"op\":\"replace\",\"path\":\"/data/n\",\"value\":\"z\"}]");
        PatchUtils.patch(V1ConfigMap.class, () -> core.patchNamespacedConfigMap("official-3", "default", patch).buildCall(null),
                V1Patch.PATCH_FORMAT_JSON_PATCH, client);
        assertEquals("z", core.readNamespacedConfigMap("official-3", "default").execute().getData().get("n"));
        core.deleteCollectionNamespacedConfigMap("default").labelSelector("by=official").execute();
        assertEquals(0, core.listNamespacedConfigMap("default").labelSelector("by=official").execute().getItems().size());
        V1Deployment deployment = Yaml.loadAs(Files.readString(java.nio.file.Path.of(System.getProperty("manul.checkout"), "docs/examples/hello.yaml"))
                .split("(?m)^---$")[1], V1Deployment.class);
        assertEquals(2, new AppsV1Api(client).createNamespacedDeployment("default", deployment).dryRun("All").execute().getSpec().getReplicas());
    }

    @Test
    void fabric8ReadsWritesAndWatches() throws Exception {
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build()) {
            assertEquals("36", client.getKubernetesVersion().getMinor());
            List<String> seen = new CopyOnWriteArrayList<>();
            try (var watch = client.configMaps().inNamespace("default").withLabel("by", "fabric8").watch(new Watcher<ConfigMap>() {
                @Override
                public void eventReceived(Action action, ConfigMap map) {
                    seen.add(action + " " + map.getMetadata().getName());
                }

                @Override
                public void onClose(WatcherException e) {
                    seen.add("CLOSED " + e);
                }
            })) {
                ConfigMap map = new ConfigMapBuilder().withNewMetadata().withName("fabric8").addToLabels("by", "fabric8").endMetadata()
                        .addToData("a", "1").build();
                client.configMaps().inNamespace("default").resource(map).create();
                client.configMaps().inNamespace("default").withName("fabric8").edit(m -> new ConfigMapBuilder(m).addToData("a", "2").build());
                client.configMaps().inNamespace("default").withName("fabric8").delete();
                Await.until(Duration.ofSeconds(10), "three events", () -> seen.size() >= 3 ? "" : seen.toString());
                assertEquals(List.of("ADDED fabric8", "MODIFIED fabric8", "DELETED fabric8"), List.copyOf(seen));
            }
            assertEquals(1, client.nodes().list().getItems().size());
        }
    }
}
