package io.manul.apiserver.engine.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.apiserver.engine.table.Tables;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Definitions and their objects through the engine's write path, on a datastore in memory. */
class CustomResourcesTest {

    private static final String SPEC = """
            {"type":"object","required":["cronSpec"],"properties":{"cronSpec":{"type":"string"},"image":{"type":"string","nullable":true},
             "replicas":{"type":"integer","minimum":1,"default":1}}}""";

    private final House house = new House();

    @AfterEach
    void close() {
        house.close();
    }

    private static Obj condition(Obj crd, String type) {
        return Definition.condition(crd, type).orElseThrow();
    }

    @Test
    void aDefinitionIsEstablishedWithItsDefaults() throws ApiException {
        Obj crd = house.define(House.crontabs(SPEC));
        assertEquals("CronTabList", crd.text("spec", "names", "listKind"));
        assertEquals("crontab", crd.text("spec", "names", "singular"));
        assertEquals("None", crd.text("spec", "conversion", "strategy"));
        assertEquals(Obj.of("lastTransitionTime", "2026-01-31T12:00:00Z", "message", "no conflicts found", "reason", "NoConflicts",
                "status", "True", "type", "NamesAccepted"), condition(crd, "NamesAccepted"));
        assertEquals("the initial names have been accepted", condition(crd, "Established").text("message"));
        assertEquals(Obj.parse("{\"plural\":\"crontabs\",\"singular\":\"crontab\",\"shortNames\":[\"ct\"],\"kind\":\"CronTab\","
                + "\"listKind\":\"CronTabList\"}"), crd.at("status", "acceptedNames"));
        assertEquals(List.of("v1"), crd.strings("status", "storedVersions"));
        assertEquals(List.of(CrdStrategy.FINALIZER), crd.strings("metadata", "finalizers"));
    }

    /** The definition that the manifests room makes. */
    @Test
    void addOnsAreServedWithTheirColumns() throws ApiException {
        house.define(Obj.parse("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"addons.k3s.cattle.io"},
                 "spec":{"group":"k3s.cattle.io","scope":"Namespaced","names":{"kind":"Addon","listKind":"AddonList","plural":"addons",
                 "singular":"addon"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
                 "properties":{"spec":{"type":"object","properties":{"source":{"type":"string"},"checksum":{"type":"string"}}}}}},
                 "additionalPrinterColumns":[{"name":"Source","type":"string","jsonPath":".spec.source"},
                 {"name":"CheckSum","type":"string","jsonPath":".spec.checksum"}]}]}}"""));
        Obj made = house.create("addons", Obj.parse("""
                {"apiVersion":"k3s.cattle.io/v1","kind":"Addon","metadata":{"name":"dns","namespace":"kube-system"},
                 "spec":{"source":"/a/dns.yaml","checksum":"","other":1}}"""));
        assertEquals(Obj.of("source", "/a/dns.yaml", "checksum", ""), made.at("spec"), "unknown fields are pruned");
        Obj table = Tables.of(house.served("k3s.cattle.io/v1", "addons"), made, Tables.Include.NONE, House.NOW, true);
        assertEquals(List.of("Name", "Source", "CheckSum"), table.objects("columnDefinitions").stream().map(c -> c.text("name")).toList());
        assertEquals(List.of("dns", "/a/dns.yaml", ""), table.objects("rows").getFirst().get("cells"));
    }

    @Test
    void objectsAreDefaultedPrunedAndChecked() throws ApiException {
        house.define(House.crontabs(SPEC));
        Obj made = house.create("crontabs", House.crontab("{\"cronSpec\":\"* *\",\"image\":null,\"more\":{\"a\":1}}"));
        assertEquals(Obj.parse("{\"cronSpec\":\"* *\",\"image\":null,\"replicas\":1}"), made.at("spec"));
        assertEquals(1, made.number("metadata", "generation").orElseThrow());
        ApiException e = assertThrows(ApiException.class,
                () -> house.create("crontabs", House.crontab("{\"cronSpec\":5,\"replicas\":\"x\"}").set("other", "metadata", "name")));
        assertEquals(422, e.code());
        assertEquals("CronTab.stable.example.com \"other\" is invalid: [spec.cronSpec: Invalid value: \"integer\": spec.cronSpec in body must be "
                + "of type string: \"integer\", spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: "
                + "\"string\"]", e.getMessage());
    }

    @Test
    void metadataIsReadByTypes() throws ApiException {
        house.define(House.crontabs(SPEC));
        Served served = house.served("stable.example.com/v1", "crontabs");
        Obj object = House.crontab("{\"cronSpec\":\"x\",\"list\":[{\"a\":1}]}").set(5L, "metadata", "labels").set(1L, "metadata", "odd");
        var found = served.model().decode(object);
        assertEquals(List.of("metadata.labels: expected an object, got 5"), found.wrong());
        assertEquals(List.of("metadata.odd", "spec.list"), found.unknown());
    }

    @Test
    void discoveryShowsNamesPartsAndVerbs() throws ApiException {
        Obj crd = House.crontabs(SPEC);
        House.version(crd).set(Obj.of(), "subresources", "status").set(Obj.of("specReplicasPath", ".spec.replicas", "statusReplicasPath",
                ".status.replicas", "labelSelectorPath", ".status.selector"), "subresources", "scale");
        crd.set(List.of("all"), "spec", "names", "categories");
        assertEquals("", house.kinds.revision());
        house.define(crd);
        var resource = house.kinds.kinds().getFirst().resource();
        assertEquals(List.of("ct"), resource.shortNames());
        assertEquals(List.of("all"), resource.categories());
        assertEquals(List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"), resource.verbs());
        assertEquals("Scale", resource.subresource("scale").orElseThrow().kind());
        assertTrue(house.served("stable.example.com/v1", "crontabs").hasStatus());
        assertEquals("object", house.kinds.kinds().getFirst().schema().get("type"));
        ScalePaths scale = CustomKinds.scale(house.served("stable.example.com/v1", "crontabs")).orElseThrow();
        assertEquals(new ScalePaths(List.of("spec", "replicas"), List.of("status", "replicas"), List.of("status", "selector")), scale);
        Obj object = House.crontab("{}");
        scale.setReplicas(object, 7);
        assertEquals(7, scale.replicas(object).orElseThrow());
        assertEquals("", scale.selector(object));
        assertNotEquals("", house.kinds.revision());
    }

    /** Upstream's own hash of a built-in kind, from its published discovery. */
    @Test
    void storageHashIsUpstreams() {
        assertEquals(Schema.builtIn().resource("", "v1", "pods").orElseThrow().storageVersionHash(), Definition.storageHash("", "v1", "Pod"));
    }

    @Test
    void compiledKindsAreKeptUntilTheirDefinitionChanges() throws ApiException {
        Obj crd = house.define(House.crontabs(SPEC));
        Served first = house.served("stable.example.com/v1", "crontabs");
        assertSame(first, house.served("stable.example.com/v1", "crontabs"));
        house.define(renamed("others"));
        assertSame(first, house.served("stable.example.com/v1", "crontabs"));
        house.update("customresourcedefinitions", crd.set("10", "metadata", "annotations", "a"), "");
        assertFalse(first == house.served("stable.example.com/v1", "crontabs"));
    }

    private static Obj renamed(String plural) {
        return House.crontabs(SPEC).set(plural + ".stable.example.com", "metadata", "name").set(Obj.of("plural", plural, "kind", "Other"),
                "spec", "names");
    }

    @Test
    void versionsShowTheSameObject() throws ApiException {
        Obj crd = House.crontabs(SPEC);
        Obj second = House.version(crd).copy().put("name", "v2").put("storage", false);
        crd.list("spec", "versions").add(second.map());
        house.define(crd);
        house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}").put("apiVersion", "stable.example.com/v2"));
        Obj stored = house.reader.get("stable.example.com", "crontabs", "default", "my").orElseThrow();
        assertEquals("stable.example.com/v1", stored.apiVersion());
        Served served = house.served("stable.example.com/v2", "crontabs");
        assertEquals("stable.example.com/v2", Obj.parse(served.form().out(stored.bytes(), 0)).apiVersion());
        assertTrue(house.catalog.find("stable.example.com", "v3", "crontabs").isEmpty());
    }

    @Test
    void aNewDefaultIsShownOnOldObjects() throws ApiException {
        Obj crd = house.define(House.crontabs("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"));
        house.create("crontabs", House.crontab("{}"));
        House.version(crd).set("x", "schema", "openAPIV3Schema", "properties", "spec", "properties", "a", "default");
        house.update("customresourcedefinitions", crd, "");
        byte[] stored = house.reader.get("stable.example.com", "crontabs", "default", "my").orElseThrow().bytes();
        assertEquals("x", Obj.parse(house.served("stable.example.com/v1", "crontabs").form().out(stored, 9)).text("spec", "a"));
    }

    @Test
    void statusIsKeptApartAndChecked() throws ApiException {
        Obj crd = House.crontabs(SPEC);
        House.version(crd).set(Obj.of(), "subresources", "status");
        house.define(crd);
        Obj made = house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}").set(3L, "status", "replicas"));
        assertFalse(made.has("status"));
        Obj changed = house.update("crontabs", made.copy().set(4L, "status", "replicas").set("b", "spec", "cronSpec"), "status");
        assertEquals("a", changed.text("spec", "cronSpec"));
        assertEquals(4, changed.number("status", "replicas").orElseThrow());
        assertEquals(1, changed.number("metadata", "generation").orElseThrow());
        assertEquals("CronTab.stable.example.com \"my\" is invalid: status.replicas: Invalid value: \"string\": status.replicas in body must be of "
                + "type integer: \"string\"", assertThrows(ApiException.class,
                        () -> house.update("crontabs", changed.copy().set("x", "status", "replicas"), "status")).getMessage());
        assertEquals(2, house.update("crontabs", changed.set("c", "spec", "cronSpec"), "").number("metadata", "generation").orElseThrow());
    }

    @Test
    void fieldsAreSelectable() throws ApiException {
        Obj crd = House.crontabs(SPEC);
        House.version(crd).put("selectableFields", List.of(Obj.of("jsonPath", ".spec.cronSpec")));
        house.define(crd);
        house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}"));
        Served served = house.served("stable.example.com/v1", "crontabs");
        byte[] stored = house.reader.get("stable.example.com", "crontabs", "default", "my").orElseThrow().bytes();
        String key = "/registry/stable.example.com/crontabs/default/my";
        assertTrue(Selection.of(served, "", "spec.cronSpec=a").matches(key, stored));
        assertFalse(Selection.of(served, "", "spec.cronSpec=b").matches(key, stored));
        assertThrows(ApiException.class, () -> Selection.of(served, "", "spec.image=b"));
    }

    // ---- names, deletion

    @Test
    void takenNamesWaitUntilTheyAreFree() throws ApiException {
        house.define(House.crontabs(SPEC));
        Obj second = house.define(renamed("others").set(List.of("ct"), "spec", "names", "shortNames"));
        assertEquals("\"ct\" is already in use", condition(second, "NamesAccepted").text("message"));
        assertEquals("ShortNamesConflict", condition(second, "NamesAccepted").text("reason"));
        assertEquals("NotAccepted", condition(second, "Established").text("reason"));
        assertTrue(house.catalog.find("stable.example.com", "v1", "others").isEmpty());
        house.delete("apiextensions.k8s.io/v1", "customresourcedefinitions", "", "crontabs.stable.example.com");
        assertTrue(cleanup().run(crd("crontabs")));
        cleanup().retryNames(house.reader.list(Definition.GROUP, Definition.PLURAL, ""));
        assertTrue(house.catalog.find("stable.example.com", "v1", "others").isPresent());
    }

    private Obj crd(String plural) throws ApiException {
        return house.reader.get(Definition.GROUP, Definition.PLURAL, "", plural + ".stable.example.com").orElseThrow();
    }

    private CrdCleanup cleanup() {
        return new CrdCleanup((group, version, plural) -> house.reader.list(group, plural, ""),
                (group, version, plural, namespace, name) -> house.delete(group + "/" + version, plural, namespace, name),
                crd -> house.update("customresourcedefinitions", crd, ""));
    }

    @Test
    void aDefinitionTakesItsObjectsAlong() throws ApiException {
        house.define(House.crontabs(SPEC));
        house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}").set(List.of("example.com/hold"), "metadata", "finalizers"));
        house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}").set("free", "metadata", "name"));
        house.delete("apiextensions.k8s.io/v1", "customresourcedefinitions", "", "crontabs.stable.example.com");
        assertFalse(cleanup().run(crd("crontabs")), "an object holds it");
        assertEquals("InstanceDeletionInProgress", condition(crd("crontabs"), "Terminating").text("reason"));
        ApiException e = assertThrows(ApiException.class, () -> house.create("crontabs", House.crontab("{\"cronSpec\":\"a\"}").set("late", "metadata", "name")));
        assertEquals("create not allowed while custom resource definition is terminating", e.getMessage());
        Obj held = house.reader.list("stable.example.com", "crontabs", "").getFirst();
        house.update("crontabs", held.set(null, "metadata", "finalizers"), "");
        assertTrue(cleanup().run(crd("crontabs")));
        assertEquals(List.of(), house.reader.list(Definition.GROUP, Definition.PLURAL, ""));
        assertTrue(house.catalog.find("stable.example.com", "v1", "crontabs").isEmpty());
    }

    // ---- changes of a definition

    @Test
    void storedVersionsStayUntilTheyAreTakenFromTheStatus() throws ApiException {
        Obj crd = house.define(House.crontabs(SPEC));
        crd.list("spec", "versions").add(House.version(crd).copy().put("name", "v2").map());
        House.version(crd).put("storage", false);
        Obj both = house.update("customresourcedefinitions", crd, "");
        assertEquals(List.of("v1", "v2"), both.strings("status", "storedVersions"));
        Obj one = both.copy();
        one.list("spec", "versions").removeFirst();
        assertEquals("CustomResourceDefinition.apiextensions.k8s.io \"crontabs.stable.example.com\" is invalid: status.storedVersions[0]: Invalid "
                + "value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage "
                + "migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions",
                assertThrows(ApiException.class, () -> house.update("customresourcedefinitions", one, "")).getMessage());
        Obj migrated = house.update("customresourcedefinitions", both.set(List.of("v2"), "status", "storedVersions"), "status");
        one.set(migrated.resourceVersion(), "metadata", "resourceVersion");
        assertEquals(List.of("v2"), house.update("customresourcedefinitions", one, "").strings("status", "storedVersions"));
    }

    @Test
    void whatIsNotServedYetIsRefused() {
        Map.of("\"x-kubernetes-validations\":[{\"rule\":\"self.a > 1\"}],\"type\":\"object\"",
                "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations: rules in CEL are not evaluated by this server "
                + "yet", "\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\","
                + "\"x-kubernetes-validations\":[{\"rule\":\"true\"}]}}}", "properties[spec].properties[a].items.x-kubernetes-validations").forEach((spec, text) -> {
                    ApiException e = assertThrows(ApiException.class, () -> house.define(House.crontabs("{" + spec + "}")));
                    assertEquals(501, e.code());
                    assertTrue(e.getMessage().contains(text), e.getMessage());
                });
        ApiException e = assertThrows(ApiException.class, () -> house.define(House.crontabs(SPEC).set(Obj.of("strategy", "Webhook"), "spec", "conversion")));
        assertEquals(501, e.code());
    }
}
