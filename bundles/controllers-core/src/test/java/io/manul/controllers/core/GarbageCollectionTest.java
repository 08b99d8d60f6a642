package io.manul.controllers.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kubernetes, "Garbage Collection", sentence by sentence; against the real apiserver. */
@Timeout(60)
class GarbageCollectionTest {

    private Room r;

    @BeforeEach
    void open() throws Exception {
        r = new Room();
    }

    @AfterEach
    void close() throws Exception {
        r.close();
    }

    private void delete(Obj object, Propagation how) throws Exception {
        r.admin.delete(Resources.CONFIG_MAPS, "default", object.name(), how, OptionalLong.empty(), "");
    }

    @Test
    void inTheBackgroundDependentsFollowTheirOwner() throws Exception {
        Obj a = r.configMap("a");
        Obj b = r.configMap("b", Room.owner(a, true));
        r.configMap("c", Room.owner(b, true));
        r.configMap("other");
        delete(a, Propagation.BACKGROUND);
        assertTrue(r.get("a").isEmpty(), "the owner goes at once");
        r.gone("b");
        r.gone("c");
        r.settled();
        assertTrue(r.get("other").isPresent());
    }

    @Test
    void inTheForegroundTheOwnerWaitsForDependentsThatBlock() throws Exception {
        Obj a = r.configMap("a");
        Obj held = r.configMap("held", Room.owner(a, true));
        r.configMap("free", Room.owner(a, false));
        hold(held, List.of("test/hold"));
        r.settled();
        delete(a, Propagation.FOREGROUND);
        r.gone("free");
        r.api.await("the dependent is being deleted", () -> r.get("held").orElseThrow().deleting());
        r.settled();
        assertTrue(r.get("a").orElseThrow().strings("metadata", "finalizers").contains("foregroundDeletion"));
        hold(held, List.of());
        r.gone("held");
        r.gone("a");
    }

    @Test
    void aDependentThatDoesNotBlockHoldsNobodyUp() throws Exception {
        Obj a = r.configMap("a");
        Obj held = r.configMap("held", Room.owner(a, false));
        hold(held, List.of("test/hold"));
        r.settled();
        delete(a, Propagation.FOREGROUND);
        r.gone("a");
        hold(held, List.of());
        r.gone("held");
    }

    private void hold(Obj object, List<String> finalizers) throws Exception {
        r.admin.patch(Resources.CONFIG_MAPS, "default", object.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("finalizers", finalizers)));
    }

    @Test
    void foregroundGoesDownTheChain() throws Exception {
        Obj a = r.configMap("a");
        Obj b = r.configMap("b", Room.owner(a, true));
        Obj c = r.configMap("c", Room.owner(b, true));
        hold(c, List.of("test/hold"));
        r.settled();
        delete(a, Propagation.FOREGROUND);
        r.api.await("the last is being deleted", () -> r.get("c").orElseThrow().deleting());
        r.settled();
        assertTrue(r.get("a").isPresent() && r.get("b").isPresent());
        hold(c, List.of());
        r.gone("c");
        r.gone("b");
        r.gone("a");
    }

    @Test
    void aCircleInTheForegroundEnds() throws Exception {
        Obj a = r.configMap("a");
        Obj b = r.configMap("b", Room.owner(a, true));
        r.admin.patch(Resources.CONFIG_MAPS, "default", "a", "", Patch.MERGE, Obj.of("metadata", Obj.of("ownerReferences", List.of(Room.owner(b, true)))));
        r.settled();
        delete(a, Propagation.FOREGROUND);
        r.gone("a");
        r.gone("b");
    }

    @Test
    void orphansLiveOnWithoutTheirOwner() throws Exception {
        Obj a = r.configMap("a");
        r.configMap("b", Room.owner(a, true));
        r.settled();
        delete(a, Propagation.ORPHAN);
        r.gone("a");
        r.settled();
        assertTrue(r.get("b").orElseThrow().objects("metadata", "ownerReferences").isEmpty());
    }

    @Test
    void oneLivingOwnerIsEnough() throws Exception {
        Obj a = r.configMap("a");
        Obj b = r.configMap("b");
        r.configMap("c", Room.owner(a, true), Room.owner(b, true));
        r.settled();
        delete(a, Propagation.BACKGROUND);
        r.api.await("the reference to the dead one goes", () -> r.get("c").orElseThrow().objects("metadata", "ownerReferences").size() == 1);
        delete(b, Propagation.BACKGROUND);
        r.gone("c");
    }

    @Test
    void anAbsentOwnerIsNoOwner() throws Exception {
        Obj a = r.configMap("a");
        Obj gone = Room.owner(a, true).put("uid", "00000000-0000-0000-0000-000000000001");
        r.configMap("b", gone);
        r.gone("b");
        assertTrue(r.get("a").isPresent());
    }

    @Test
    void anOwnerOfAKindThatIsNotServedDeletesNothing() throws Exception {
        r.configMap("b", Obj.of("apiVersion", "example.com/v1", "kind", "Widget", "name", "w", "uid", "u1"));
        r.configMap("c", Obj.of("apiVersion", "v1", "kind", "ConfigMap", "name", "w", "uid", "u2"));
        r.gone("c");
        r.settled();
        assertTrue(r.get("b").isPresent());
    }

    @Test
    void anOwnerInAnotherNamespaceIsAbsent() throws Exception {
        r.admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", "other")));
        Obj owner = r.admin.create(Resources.CONFIG_MAPS, "other", Obj.of("metadata", Obj.of("name", "a", "namespace", "other")));
        r.configMap("b", Room.owner(owner, true));
        r.gone("b");
        assertTrue(r.admin.get(Resources.CONFIG_MAPS, "other", "a").isPresent());
        r.told("OwnerRefInvalidNamespace", "ownerRef [v1/ConfigMap, namespace: default, name: a, uid: " + owner.uid()
                + "] does not exist in namespace \"default\"");
    }

    @Test
    void aClusterScopedObjectIsNotDeletedForANamespacedOwner() throws Exception {
        Obj a = r.configMap("a");
        r.admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1", "ownerReferences", List.of(Room.owner(a, true)))));
        r.settled();
        delete(a, Propagation.BACKGROUND);
        r.configMap("after", Room.owner(a, true));
        r.gone("after");
        r.settled();
        assertTrue(r.admin.get(Resources.NODES, "", "n1").isPresent());
    }

    @Test
    void ownersOfOtherKindsCountToo() throws Exception {
        Obj secret = r.make(Resources.SECRETS, "s");
        r.configMap("a", Room.owner(secret, true));
        r.settled();
        r.admin.delete(Resources.SECRETS, "default", "s");
        r.gone("a");
        assertEquals(0, r.room.health().failures());
    }

    @Test
    void customResourcesOwnAndAreOwned() throws Exception {
        Obj schema = Obj.of("openAPIV3Schema", Obj.of("type", "object"));
        r.admin.create(Resources.CUSTOM_RESOURCE_DEFINITIONS, "", Obj.of("metadata", Obj.of("name", "widgets.example.com"), "spec",
                Obj.of("group", "example.com", "scope", "Namespaced", "names", Obj.of("plural", "widgets", "singular", "widget", "kind", "Widget",
                        "listKind", "WidgetList"), "versions", List.of(Obj.of("name", "v1", "served", true, "storage", true, "schema", schema)))));
        io.manul.client.Resource widgets = new io.manul.client.Resource("example.com", "v1", "widgets", "Widget", true);
        r.api.await("served", () -> {
            try {
                r.admin.list(widgets, io.manul.client.Selection.ALL);
                return true;
            } catch (io.manul.client.ClusterException e) {
                return false;
            }
        });
        Obj w = r.admin.create(widgets, "default", Obj.of("metadata", Obj.of("name", "w", "namespace", "default")));
        r.configMap("a", Room.owner(w, true));
        r.settled();
        assertFalse(r.get("a").isEmpty());
        r.admin.delete(widgets, "default", "w");
        r.gone("a");
    }
}
