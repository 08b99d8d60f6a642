package io.manul.apiserver.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private static final String KUBECTL = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private final Documents documents = new Documents(Schema.builtIn(), "10.0.0.1:6443");

    @Test
    void apiNamesVersionsAndAddress() throws ApiException {
        Obj api = legacy("/api");
        assertEquals("APIVersions", api.kind());
        assertEquals(List.of("v1"), api.strings("versions"));
        assertEquals("10.0.0.1:6443", api.objects("serverAddressByClientCIDRs").getFirst().text("serverAddress"));
    }

    @Test
    void apisPrefersTheFirstVersion() throws ApiException {
        Obj autoscaling = legacy("/apis").objects("groups").stream().filter(g -> g.text("name").equals("autoscaling"))
                .findFirst().orElseThrow();
        assertEquals("autoscaling/v2", autoscaling.text("preferredVersion", "groupVersion"));
        assertEquals(2, autoscaling.objects("versions").size());
        assertEquals("APIGroup", legacy("/apis/autoscaling").kind());
    }

    @Test
    void unservedVersionsAreNotShown() throws ApiException {
        assertEquals(List.of("v1"), legacy("/apis/resource.k8s.io").objects("versions").stream().map(v -> v.text("version")).toList());
        assertTrue(documents.get("/apis/resource.k8s.io/v1beta1", "", DynamicTypes.none()).isEmpty());
        assertTrue(documents.get("/apis/no.such.group", "", DynamicTypes.none()).isEmpty());
        assertTrue(documents.get("/api/v1/pods", "", DynamicTypes.none()).isEmpty());
    }

    @Test
    void subresourcesOfOtherGroupsSaySo() throws ApiException {
        Obj scale = resource("/apis/apps/v1", "deployments/scale");
        assertEquals("autoscaling", scale.text("group"));
        assertEquals("v1", scale.text("version"));
        assertTrue(resource("/apis/apps/v1", "deployments/status").string("group").isEmpty());
        assertEquals("Eviction", resource("/api/v1", "pods/eviction").kind());
    }

    @Test
    void kubectlGetsTheAggregatedForm() throws ApiException {
        Document apis = documents.get("/apis", KUBECTL, DynamicTypes.none()).orElseThrow();
        assertEquals("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", apis.contentType());
        Obj list = Obj.parse(apis.body());
        assertEquals("apidiscovery.k8s.io/v2", list.apiVersion());
        assertEquals("APIGroupDiscoveryList", list.kind());
        Obj core = Obj.parse(documents.get("/api", KUBECTL, DynamicTypes.none()).orElseThrow().body());
        assertEquals(1, core.objects("items").size());
        assertEquals("v1", core.objects("items").getFirst().objects("versions").getFirst().text("version"));
    }

    @Test
    void olderAggregatedFormIsServedToo() throws ApiException {
        Document apis = documents.get("/apis",
                "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList", DynamicTypes.none()).orElseThrow();
        assertEquals("apidiscovery.k8s.io/v2beta1", Obj.parse(apis.body()).apiVersion());
    }

    @Test
    void acceptDecides() throws ApiException {
        for (String json : List.of("", "*/*", "application/json", "text/html, application/*;q=0.8", "application/yaml, */*;q=0.1")) {
            assertEquals("application/json", documents.get("/apis", json, DynamicTypes.none()).orElseThrow().contentType(), json);
        }
        for (String other : List.of("application/yaml", "application/json;q=0", "application/json;as=Table;g=meta.k8s.io;v=v1")) {
            assertEquals(406, assertThrows(ApiException.class, () -> documents.get("/apis", other, DynamicTypes.none())).code(), other);
        }
    }

    @Test
    void customKindsComeAfterTheBuiltIn() throws ApiException {
        DynamicTypes crds = Crontabs.at("1", "v1beta1", "v1", "v2alpha1");
        List<Obj> groups = Obj.parse(documents.get("/apis", "", crds).orElseThrow().body()).objects("groups");
        Obj last = groups.getLast();
        assertEquals("stable.example.com", last.text("name"));
        assertEquals(List.of("v1", "v1beta1", "v2alpha1"), last.objects("versions").stream().map(v -> v.text("version")).toList());
        Obj list = Obj.parse(documents.get("/apis/stable.example.com/v1", "", crds).orElseThrow().body());
        assertEquals(List.of("crontabs", "crontabs/status", "crontabs/scale"),
                list.objects("resources").stream().map(r -> r.text("name")).toList());
    }

    @Test
    void slashesDoNotLeadElsewhere() throws ApiException {
        for (String same : List.of("/apis", "/apis/", "apis")) {
            assertEquals("APIGroupList", Obj.parse(documents.get(same, "", DynamicTypes.none()).orElseThrow().body()).kind(), same);
        }
        for (String none : List.of("", "/", "//", "//apis", "/apis//v1", "/apis//", "/api//", "/openapi/", "/openapi/v3/apis//v1",
                "/apis/apps/v1/deployments", "/".repeat(8192))) {
            assertTrue(documents.get(none, "", DynamicTypes.none()).isEmpty(), none);
        }
    }

    @Test
    void aDocumentIsKeptUntilTheApiChanges() throws ApiException {
        Document before = documents.get("/apis", "", DynamicTypes.none()).orElseThrow();
        assertSame(before, documents.get("/apis", "", DynamicTypes.none()).orElseThrow());
        Document after = documents.get("/apis", "", Crontabs.at("2", "v1")).orElseThrow();
        assertNotEquals(before.etag(), after.etag());
        assertEquals(before.etag(), documents.get("/apis", "", DynamicTypes.none()).orElseThrow().etag());
    }

    @Test
    void versionsSortAsThePageSays() {
        List<String> sorted = Stream.of("foo10", "v11alpha2", "v3beta1", "v10", "v1", "foo1", "v12alpha1", "v10beta3", "v2",
                "v11beta2").sorted(VersionOrder.NEWEST_FIRST).toList();
        assertEquals(List.of("v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"),
                sorted);
    }

    private Obj resource(String path, String name) throws ApiException {
        return legacy(path).objects("resources").stream().filter(r -> r.text("name").equals(name)).findFirst().orElseThrow();
    }

    private Obj legacy(String path) throws ApiException {
        return Obj.parse(documents.get(path, "application/json", DynamicTypes.none()).orElseThrow().body());
    }
}
