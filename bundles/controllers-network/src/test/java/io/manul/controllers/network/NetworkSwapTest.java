package io.manul.controllers.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns while pods come and go. */
@Timeout(60)
class NetworkSwapTest {

    private static Obj pod(int i) {
        return Obj.of("metadata", Obj.of("name", "p" + i, "namespace", "default", "labels", Obj.of("app", "web")),
                "spec", Obj.of("containers", List.of(Obj.of("name", "c", "image", "web:1"))));
    }

    private static List<Obj> slices(Cluster admin) throws Exception {
        return admin.list(Resources.ENDPOINT_SLICES, Selection.ALL.labels(Slices.SERVICE + "=web")).items();
    }

    @Test
    void noEndpointIsLostAndNoneIsThereTwice() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec",
                    Obj.of("selector", Obj.of("app", "web"), "ports", List.of(Obj.of("port", 80)))));
            NetworkControllers[] two = {new NetworkControllers(api.clusters()), new NetworkControllers(api.clusters())};
            for (int i = 0; i < 20; i++) {
                two[i % 2].begin(new byte[0]);
                admin.create(Resources.PODS, "default", pod(i));
                if (i % 3 == 2) {
                    admin.delete(Resources.PODS, "default", "p" + (i - 1));
                }
                Thread.sleep(i % 5 * 10);
                assertEquals(0, two[i % 2].health().failures());
                two[i % 2].end();
                assertEquals(0, Threads.named("endpointslice-"), "threads left by turn " + i);
            }
            two[0].begin(new byte[0]);
            List<String> wanted = api.list(Resources.PODS).stream().filter(p -> !p.deleting()).map(Obj::name).sorted().toList();
            api.await("all pods are in slices", () -> slices(admin).stream().flatMap(s -> s.objects("endpoints").stream())
                    .filter(e -> e.flag("conditions", "ready")).map(e -> e.text("targetRef", "name")).sorted().toList().equals(wanted));
            assertEquals(1, slices(admin).size());
            two[0].end();
        }
    }

    @Test
    void aSliceDeletedByHandComesBack() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            admin.create(Resources.PODS, "default", pod(1));
            admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec",
                    Obj.of("selector", Obj.of("app", "web"), "ports", List.of(Obj.of("port", 80)))));
            NetworkControllers room = new NetworkControllers(api.clusters());
            room.begin(new byte[0]);
            api.await("a slice with the pod", () -> slices(admin).stream().anyMatch(s -> s.objects("endpoints").size() == 1));
            String name = slices(admin).getFirst().name();
            admin.delete(Resources.ENDPOINT_SLICES, "default", name);
            api.await("another slice", () -> slices(admin).size() == 1 && !slices(admin).getFirst().name().equals(name));
            api.await("the pod in Endpoints", () -> admin.get(Resources.ENDPOINTS, "default", "web").orElseThrow().objects("subsets").size() == 1);
            room.end();
        }
    }
}
