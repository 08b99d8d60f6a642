package io.manul.apiserver.openapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class OpenApiTest {

    private static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private static final String CRONTAB = "com.example.stable.v1.CronTab";

    private final Documents documents = new Documents(Schema.builtIn(), "10.0.0.1:6443");
    private final DynamicTypes crds = Crontabs.at("1", "v1");

    @Test
    void theIndexNamesEachDocumentByItsHash() throws ApiException {
        Map<String, Object> paths = json("/openapi/v3", crds).at("paths").map();
        assertTrue(paths.keySet().containsAll(Set.of("api/v1", "apis/apps/v1", "apis/stable.example.com/v1")));
        for (String path : paths.keySet()) {
            String url = Obj.from(paths.get(path)).orElseThrow().text("serverRelativeURL");
            Document document = documents.get("/openapi/v3/" + path, "application/json", crds).orElseThrow();
            assertEquals("/openapi/v3/" + path + "?hash=" + document.etag().replace("\"", ""), url);
        }
    }

    @Test
    void aChangedCustomKindChangesItsHashOnly() throws ApiException {
        Obj before = json("/openapi/v3", crds).at("paths");
        Obj after = json("/openapi/v3", Crontabs.at("2", "v1", "v2")).at("paths");
        assertEquals(before.get("apis/apps/v1"), after.get("apis/apps/v1"));
        assertEquals(before.get("apis/stable.example.com/v1"), after.get("apis/stable.example.com/v1"));
        assertTrue(after.has("apis/stable.example.com/v2"));
        assertFalse(before.has("apis/stable.example.com/v2"));
    }

    @Test
    void v3HasDefaultsEnumerationsAndMergeKeys() throws ApiException {
        Obj schemas = json("/openapi/v3/api/v1", crds).at("components", "schemas");
        Obj port = schemas.at("io.k8s.api.core.v1.ContainerPort");
        assertEquals("TCP", port.text("properties", "protocol", "default"));
        assertEquals(List.of("SCTP", "TCP", "UDP"), port.at("properties", "protocol").strings("enum"));
        assertEquals(List.of("containerPort"), port.strings("required"));
        Obj ports = schemas.at("io.k8s.api.core.v1.Container", "properties", "ports");
        assertEquals("containerPort", ports.text("x-kubernetes-patch-merge-key"));
        assertEquals("merge", ports.text("x-kubernetes-patch-strategy"));
        assertEquals(List.of("containerPort", "protocol"), ports.strings("x-kubernetes-list-map-keys"));
        assertEquals("#/components/schemas/io.k8s.api.core.v1.ContainerPort", ports.text("items", "$ref"));
        assertTrue(port.text("properties", "containerPort", "description").contains("0 < x < 65536"));
    }

    /** What kubectl looks for before it leaves validation, and the choice of the patch, to the server. */
    @Test
    void patchesSayWhatTheyTake() throws ApiException {
        Obj patch = json("/openapi/v3/apis/apps/v1", crds).at("paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
        assertEquals(Obj.of("group", "apps", "version", "v1", "kind", "Deployment"), patch.at("x-kubernetes-group-version-kind"));
        assertTrue(patch.objects("parameters").stream().anyMatch(p -> p.text("name").equals("fieldValidation") && p.text("in").equals("query")));
        assertTrue(patch.at("requestBody", "content").has("application/strategic-merge-patch+json"));
        Obj custom = json("/openapi/v3/apis/stable.example.com/v1", crds)
                .at("paths", "/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}", "patch");
        assertFalse(custom.at("requestBody", "content").has("application/strategic-merge-patch+json"));
        assertTrue(custom.at("requestBody", "content").has("application/merge-patch+json"));
    }

    @Test
    void customKindsKeepTheirSchema() throws ApiException {
        Obj schemas = json("/openapi/v3/apis/stable.example.com/v1", crds).at("components", "schemas");
        Obj spec = schemas.at(CRONTAB, "properties", "spec", "properties");
        assertEquals(1L, spec.get("replicas", "default"));
        assertTrue(spec.flag("image", "nullable"));
        assertEquals("CronTab", schemas.at(CRONTAB).objects("x-kubernetes-group-version-kind").getFirst().kind());
        assertTrue(schemas.at(CRONTAB, "properties").has("metadata"));
        assertTrue(schemas.has("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
        assertEquals("#/components/schemas/" + CRONTAB, schemas.text(CRONTAB + "List", "properties", "items", "items", "$ref"));
    }

    @Test
    void v2SaysLessOfCustomKinds() throws ApiException {
        Obj spec = json("/openapi/v2", crds).at("definitions", CRONTAB, "properties", "spec", "properties");
        assertFalse(spec.at("image").has("type"));
        assertFalse(spec.at("image").has("nullable"));
        assertFalse(spec.at("limit").has("type"));
        assertFalse(spec.at("replicas").has("default"));
        assertEquals(10L, spec.get("replicas", "maximum"));
    }

    @Test
    void everyReferenceLeadsSomewhere() throws ApiException {
        for (Map.Entry<String, Object> e : json("/openapi/v3", crds).at("paths").map().entrySet()) {
            Obj document = json("/openapi/v3/" + e.getKey(), crds);
            Set<String> refs = new TreeSet<>();
            refs(document.map(), refs);
            refs.removeIf(r -> document.has("components", "schemas", r.substring("#/components/schemas/".length())));
            assertEquals(Set.of(), refs, e.getKey());
        }
        Obj v2 = json("/openapi/v2", crds);
        Set<String> refs = new TreeSet<>();
        refs(v2.map(), refs);
        refs.removeIf(r -> v2.has("definitions", r.substring("#/definitions/".length())));
        assertEquals(Set.of(), refs);
    }

    @Test
    void protobufSaysTheSameAsJson() throws ApiException {
        Document document = documents.get("/openapi/v2", PROTOBUF, crds).orElseThrow();
        assertEquals("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", document.contentType());
        Obj json = json("/openapi/v2", crds);
        ProtoReader proto = new ProtoReader(document.body());
        assertEquals("2.0", proto.text(1));
        assertEquals(json.at("definitions").map().keySet(), proto.names(9, 1));
        assertEquals(json.at("paths").map().keySet(), proto.names(8, 2));

        ProtoReader container = proto.named(9, 1, "io.k8s.api.core.v1.Container");
        ProtoReader ports = container.message(25).named(1, "ports");
        assertEquals(json.text("definitions", "io.k8s.api.core.v1.Container", "properties", "ports", "description"), ports.text(4));
        assertEquals("array", ports.message(22).text(1));
        assertEquals("#/definitions/io.k8s.api.core.v1.ContainerPort", ports.message(23).message(1).text(1));
        assertEquals("\"containerPort\"", ports.named(31, "x-kubernetes-patch-merge-key").text(2));
        assertEquals(List.of("name"), container.texts(19));
        assertEquals("[{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}]",
                proto.named(9, 1, "io.k8s.api.apps.v1.Deployment").named(31, "x-kubernetes-group-version-kind").text(2));
        assertEquals(10.0, proto.named(9, 1, CRONTAB).message(25).named(1, "spec").message(25).named(1, "replicas").real(7));
    }

    @Test
    void protobufNamesTheQueryParametersOfAPatch() throws ApiException {
        ProtoReader patch = new ProtoReader(documents.get("/openapi/v2", PROTOBUF, crds).orElseThrow().body())
                .named(8, 2, "/api/v1/namespaces/{namespace}/pods/{name}").message(8);
        List<String> names = patch.messages(8).stream().map(p -> p.message(1)).filter(p -> p.has(2))
                .map(p -> p.message(2).message(3).text(4)).toList();
        assertEquals(Parameters.PATCH, names);
        assertEquals("{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"}",
                patch.named(13, "x-kubernetes-group-version-kind").text(2));
    }

    @Test
    void longDocumentsAreHeldCompressed() throws ApiException, IOException {
        Document apps = documents.get("/openapi/v3/apis/apps/v1", "", crds).orElseThrow();
        byte[] gzip = apps.gzip().orElseThrow();
        assertTrue(gzip.length * 4 < apps.body().length);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            assertArrayEquals(apps.body(), in.readAllBytes());
        }
        assertTrue(documents.get("/api", "", crds).orElseThrow().gzip().isEmpty());
    }

    @Test
    void whatIsNotServedHasNoDocument() throws ApiException {
        for (String path : List.of("/openapi", "/openapi/v3/apis/apps", "/openapi/v3/apis/apps/v1/x", "/openapi/v3/api/v2",
                "/openapi/v4", "/openapi/v3/apis/resource.k8s.io/v1beta1")) {
            assertTrue(documents.get(path, "", crds).isEmpty(), path);
        }
        assertEquals(406, assertThrows(ApiException.class, () -> documents.get("/openapi/v2", "application/yaml", crds)).code());
        assertEquals(406, assertThrows(ApiException.class, () -> documents.get("/openapi/v3/api/v1",
                "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", crds)).code());
    }

    @Test
    void formsOfOneDocumentHaveDifferentTags() throws ApiException {
        assertNotEquals(documents.get("/openapi/v2", "", crds).orElseThrow().etag(),
                documents.get("/openapi/v2", PROTOBUF, crds).orElseThrow().etag());
    }

    private static void refs(Object value, Set<String> into) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((k, v) -> {
                if (k.equals("$ref") && v instanceof String ref) {
                    into.add(ref);
                } else {
                    refs(v, into);
                }
            });
            case List<?> list -> list.forEach(v -> refs(v, into));
            case null, default -> { }
        }
    }

    private Obj json(String path, DynamicTypes extra) throws ApiException {
        return Obj.parse(documents.get(path, "application/json", extra).orElseThrow().body());
    }
}
