package io.manul.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Facts known from the API reference, and that the tables hold together. */
class SchemaTest {

    private final Schema schema = Schema.builtIn();

    @Test
    void podsAreAsTheReferenceSays() {
        Resource pods = schema.resource("", "v1", "pods").orElseThrow();
        assertEquals("Pod", pods.kind());
        assertEquals("PodList", pods.listKind());
        assertTrue(pods.namespaced());
        assertEquals(List.of("po"), pods.shortNames());
        assertEquals(List.of("all"), pods.categories());
        assertTrue(pods.allows("deletecollection"));
        assertEquals("pods", pods.groupResource());
        assertEquals(new GroupVersionKind("policy", "v1", "Eviction"), pods.subresource("eviction").orElseThrow().groupVersionKind());
        assertEquals(List.of("get"), pods.subresource("log").orElseThrow().verbs());
    }

    @Test
    void deploymentsScaleInAutoscaling() {
        Resource deployments = schema.kind("apps", "v1", "Deployment").orElseThrow();
        assertEquals("apps/v1", deployments.apiVersion());
        assertEquals("deployments.apps", deployments.groupResource());
        assertEquals("autoscaling", deployments.subresource("scale").orElseThrow().group());
        assertEquals("apps", deployments.subresource("status").orElseThrow().group());
    }

    @Test
    void mergeKeysOfContainerPorts() {
        Field ports = type("io.k8s.api.core.v1.Container").fields().get("ports");
        assertEquals(new Shape.ListOf(new Shape.Ref("io.k8s.api.core.v1.ContainerPort")), ports.shape());
        assertEquals(Field.ListType.MAP, ports.listType());
        assertEquals(List.of("containerPort", "protocol"), ports.listMapKeys());
        assertEquals(Set.of("merge"), ports.patchStrategy());
        assertEquals("containerPort", ports.patchMergeKey());
        assertEquals(Set.of("merge", "retainKeys"), type("io.k8s.api.core.v1.PodSpec").fields().get("volumes").patchStrategy());
        assertEquals(Set.of("retainKeys"), type("io.k8s.api.apps.v1.DeploymentSpec").fields().get("strategy").patchStrategy());
    }

    @Test
    void scalarsKeepTheirMeaning() {
        assertEquals(Shape.Scalar.INT_OR_STRING, type("io.k8s.api.core.v1.ServicePort").fields().get("targetPort").shape());
        assertEquals(new Shape.MapOf(Shape.Scalar.QUANTITY),
                type("io.k8s.api.core.v1.ResourceRequirements").fields().get("limits").shape());
        assertEquals(new Shape.MapOf(Shape.Scalar.BYTES), type("io.k8s.api.core.v1.Secret").fields().get("data").shape());
        assertEquals(Shape.Scalar.MICRO_TIME, type("io.k8s.api.coordination.v1.LeaseSpec").fields().get("renewTime").shape());
    }

    @Test
    void emptyValuesAreNoDefaults() {
        Type port = type("io.k8s.api.core.v1.ContainerPort");
        assertEquals("TCP", port.fields().get("protocol").defaultValue());
        assertTrue(port.fields().get("protocol").defaults());
        assertEquals(0L, port.fields().get("containerPort").defaultValue());
        assertFalse(port.fields().get("containerPort").defaults());
        assertEquals(List.of("containerPort"), port.required());
    }

    @Test
    void enumerationsAreClosedSets() {
        assertEquals(List.of("Always", "Never", "OnFailure"), type("io.k8s.api.core.v1.PodSpec").fields().get("restartPolicy").enums());
        assertEquals(List.of("IPv4", "IPv6"), type("io.k8s.api.core.v1.ServiceSpec").fields().get("ipFamilies").enums());
        assertEquals(List.of(), type("io.k8s.api.core.v1.Secret").fields().get("type").enums());
    }

    @Test
    void textsComeFromTheOfficialClient() {
        Descriptions texts = schema.descriptions();
        assertTrue(texts.of("io.k8s.api.core.v1.ContainerPort", "containerPort").contains("0 < x < 65536"));
        assertTrue(texts.of("io.k8s.api.apps.v1.Deployment").contains("Deployment"));
        assertEquals("", texts.of("io.k8s.api.core.v1.Pod", "no such field"));
        assertTrue(texts.of("io.k8s.api.core.v1.PodSpec", "restartPolicy").length() > 20);
    }

    @Test
    void unknownFieldsAreKeptOnlyWhereUpstreamKeepsThem() {
        assertTrue(type("io.k8s.apimachinery.pkg.runtime.RawExtension").preserveUnknown());
        assertFalse(type("io.k8s.api.core.v1.PodSpec").preserveUnknown());
        assertFalse(type("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus")
                .preserveUnknown());
    }

    @Test
    void onlyStableVersionsAreServed() {
        for (GroupVersion gv : schema.groupVersions()) {
            assertEquals(gv.version().matches("v\\d+"), gv.served(), gv.toString());
        }
        assertTrue(schema.resource("resource.k8s.io", "v1beta1", "deviceclasses").isEmpty());
        assertFalse(schema.resources("resource.k8s.io", "v1beta1").isEmpty());
        assertEquals("v2", schema.groupVersions().stream().filter(g -> g.group().equals("autoscaling") && g.preferred())
                .findFirst().orElseThrow().version());
        assertEquals(new GroupVersion("", "v1", true, true), schema.groupVersions().getFirst());
    }

    @Test
    void everyNamedTypeIsThere() {
        Set<String> missing = new HashSet<>();
        for (String name : schema.typeNames()) {
            type(name).fields().values().forEach(f -> refs(f.shape(), missing));
        }
        schema.resources().forEach(r -> {
            if (schema.type(r.type()).isEmpty()) {
                missing.add(r.type());
            }
        });
        assertEquals(Set.of(), missing);
    }

    @Test
    void mapListsHaveTheirKeysInTheItems() {
        for (String name : schema.typeNames()) {
            for (Field f : type(name).fields().values()) {
                if (f.listType() == Field.ListType.MAP && f.shape() instanceof Shape.ListOf(Shape.Ref(String item))) {
                    assertTrue(type(item).fields().keySet().containsAll(f.listMapKeys()), name + "." + f.name());
                }
            }
        }
    }

    private void refs(Shape shape, Set<String> missing) {
        switch (shape) {
            case Shape.Ref ref when schema.type(ref.type()).isEmpty() -> missing.add(ref.type());
            case Shape.ListOf list -> refs(list.items(), missing);
            case Shape.MapOf map -> refs(map.values(), missing);
            case Shape.Ref ref -> { }
            case Shape.Scalar scalar -> { }
        }
    }

    private Type type(String name) {
        return schema.type(name).orElseThrow(() -> new AssertionError("no type " + name));
    }
}
