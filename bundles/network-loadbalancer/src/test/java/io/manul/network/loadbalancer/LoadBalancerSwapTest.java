package io.manul.network.loadbalancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced", and the addresses of real objects in a real API server. */
@Timeout(60)
class LoadBalancerSwapTest {

    private static void node(Cluster admin, String name, String ip) throws Exception {
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", name), "status", Obj.of("addresses", List.of(Obj.of("type", "InternalIP", "address", ip)),
                "conditions", List.of(Obj.of("type", "Ready", "status", "True", "reason", "KubeletReady", "message", "")))));
    }

    private static void service(Cluster admin, String name, int port, String policy) throws Exception {
        admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec", Obj.of("type", "LoadBalancer",
                "externalTrafficPolicy", policy, "ports", List.of(Obj.of("port", port)))));
    }

    private static List<String> ips(Cluster admin, String name) throws Exception {
        return admin.get(Resources.SERVICES, "default", name).orElseThrow().objects("status", "loadBalancer", "ingress").stream()
                .map(i -> i.text("ip") + " " + i.text("ipMode")).toList();
    }

    private static LoadBalancers room(TestCluster api) {
        return new LoadBalancers(api.clusters(), TestCluster.SETTINGS);
    }

    @Test
    void addressesStayAndFollowThroughSwaps() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            Cluster admin = api.admin();
            node(admin, "n1", "192.0.2.1");
            service(admin, "web", 80, "Cluster");
            LoadBalancers[] two = {room(api), room(api)};
            two[0].begin(new byte[0]);
            api.await("an address", () -> ips(admin, "web").equals(List.of("192.0.2.1 VIP")));
            for (int i = 0; i < 10; i++) {
                node(admin, "m" + i, "192.0.2.1" + i);
                two[i % 2].end();
                assertEquals(0, Threads.named("service-lb"), "threads left by turn " + i);
                assertEquals(false, ips(admin, "web").isEmpty(), "no address is taken away");
                two[(i + 1) % 2].begin(new byte[0]);
            }
            api.await("all nodes' addresses", () -> ips(admin, "web").size() == 11);
            assertEquals(0, two[0].health().failures() + two[1].health().failures());
            two[0].end();
        }
    }

    @Test
    void localFollowsReadyEndpointsAndAFreedPortGoesToTheNext() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            Cluster admin = api.admin();
            node(admin, "n1", "192.0.2.1");
            node(admin, "n2", "192.0.2.2");
            service(admin, "a", 80, "Local");
            service(admin, "b", 80, "Cluster");
            LoadBalancers room = room(api);
            room.begin(new byte[0]);
            api.await("said in an event", () -> admin.list(Resources.EVENTS, io.manul.client.Selection.in("default")).items().stream()
                    .anyMatch(e -> e.text("reason").equals("UnAvailableLoadBalancer") && e.text("message").contains("is Service default/a's")));
            admin.create(Resources.ENDPOINT_SLICES, "default", Obj.of("metadata", Obj.of("name", "a-1", "namespace", "default", "labels",
                    Obj.of("kubernetes.io/service-name", "a")), "addressType", "IPv4", "ports", List.of(), "endpoints", List.of(
                            Obj.of("addresses", List.of("10.42.0.3"), "nodeName", "n2", "conditions", Obj.of("ready", true)))));
            api.await("the node with the endpoint", () -> ips(admin, "a").equals(List.of("192.0.2.2 VIP")));
            admin.patch(Resources.NODES, "", "n2", "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions", List.of(Obj.of("type", "Ready", "status", "Unknown")))));
            api.await("no node", () -> ips(admin, "a").isEmpty());
            admin.delete(Resources.SERVICES, "default", "a");
            api.await("the port is free", () -> ips(admin, "b").equals(List.of("192.0.2.1 VIP")));
            room.end();
        }
    }
}
