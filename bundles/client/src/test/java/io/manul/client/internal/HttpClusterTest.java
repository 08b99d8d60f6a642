package io.manul.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HttpClusterTest {

    private final ScriptedApi api = new ScriptedApi();
    private final Cluster cluster = new LoopbackClusters(api).controller("c", "test");

    @Test
    void listJoinsPagesAndTypesItems() throws Exception {
        api.answer(200, "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"a+b\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}")
                .answer(200, "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"b\"}}]}");
        var listing = cluster.list(Resources.PODS, Selection.in("d").labels("app in (a,b)").fields("spec.nodeName=n1"));
        assertEquals("7", listing.resourceVersion());
        assertEquals("Pod", listing.items().get(1).kind());
        assertEquals("/api/v1/namespaces/d/pods?limit=500&labelSelector=app+in+%28a%2Cb%29&fieldSelector=spec.nodeName%3Dn1", api.target(0));
        assertTrue(api.target(1).endsWith("&continue=a%2Bb"), api.target(1));
    }

    @Test
    void theIdentityTravels() throws Exception {
        api.answer(200, "{}");
        cluster.raw("GET", "/version", null);
        assertEquals("system:serviceaccount:kube-system:c", api.asked.getFirst().as().user());
        assertEquals("manul-test", api.asked.getFirst().headers().get("user-agent"));
    }

    @Test
    void whatIsNotThereIsEmpty() throws Exception {
        api.answer(404, "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"pods \\\"a\\\" not found\"}");
        assertTrue(cluster.get(Resources.PODS, "d", "a").isEmpty());
        api.answer(404, "{\"reason\":\"NotFound\"}");
        assertFalse(cluster.delete(Resources.PODS, "d", "a"));
    }

    @Test
    void deleteCarriesItsOptions() throws Exception {
        api.answer(200, "{}");
        assertTrue(cluster.delete(Resources.REPLICA_SETS, "d", "a", Propagation.FOREGROUND, OptionalLong.of(0), "u1"));
        assertEquals("DELETE", api.asked.getFirst().method());
        assertEquals("/apis/apps/v1/namespaces/d/replicasets/a", api.target(0));
        Obj options = Obj.parse(api.asked.getFirst().body());
        assertEquals("Foreground", options.text("propagationPolicy"));
        assertEquals(0, options.number("gracePeriodSeconds").orElseThrow());
        assertEquals("u1", options.text("preconditions", "uid"));
    }

    @Test
    void patchesSayTheirType() throws Exception {
        api.answer(200, "{}");
        cluster.patch(Resources.PODS, "d", "a", "status", Patch.STRATEGIC, Obj.of("status", Obj.of()));
        assertEquals("application/strategic-merge-patch+json", api.asked.getFirst().headers().get("content-type"));
        assertEquals("/api/v1/namespaces/d/pods/a/status", api.target(0));
    }

    @Test
    void aRefusalIsItsStatus() {
        api.answer(409, "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"the object has been modified\"}");
        ClusterException e = assertThrows(ClusterException.class, () -> cluster.update(Resources.PODS, "d", pod()));
        assertTrue(e.conflict());
        assertEquals("the object has been modified", e.getMessage());
    }

    @Test
    void aRefusalWithoutStatusNamesTheRequest() {
        api.answer(500, "<html>");
        ClusterException e = assertThrows(ClusterException.class, () -> cluster.create(Resources.PODS, "d", pod()));
        assertEquals("/api/v1/namespaces/d/pods: HTTP 500", e.getMessage());
    }

    @Test
    void readsAreTriedAgain() throws Exception {
        api.answer(503, "{}").unreachable().answer(200, "{\"kind\":\"Pod\"}");
        assertEquals("Pod", cluster.get(Resources.PODS, "d", "a").orElseThrow().kind());
        assertEquals(3, api.asked.size());
    }

    @Test
    void writesAreNotTriedAgainUnlessTheServerAsks() throws Exception {
        api.answer(503, "{}");
        assertEquals(503, assertThrows(ClusterException.class, () -> cluster.create(Resources.PODS, "d", pod())).code());
        api.unreachable();
        assertEquals(0, assertThrows(ClusterException.class, () -> cluster.create(Resources.PODS, "d", pod())).code());
        api.answer(429, "{}", "retry-after", "1").answer(503, "{}", "retry-after", "1").answer(201, "{\"kind\":\"Pod\"}");
        assertEquals("Pod", cluster.create(Resources.PODS, "d", pod()).kind());
        assertEquals(5, api.asked.size());
    }

    @Test
    void bodiesCarryTheirKind() throws Exception {
        api.answer(201, "{}");
        cluster.create(Resources.PODS, "d", pod());
        assertTrue(new String(api.asked.getFirst().body(), StandardCharsets.UTF_8).contains("\"kind\":\"Pod\""));
    }

    private static Obj pod() {
        return Obj.of("metadata", Obj.of("name", "a", "namespace", "d"));
    }
}
