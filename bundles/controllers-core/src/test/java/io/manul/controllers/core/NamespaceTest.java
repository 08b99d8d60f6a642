package io.manul.controllers.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NamespaceTest {

    private Room r;

    @BeforeEach
    void open() throws Exception {
        r = new Room();
        r.admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", "plant")));
    }

    @AfterEach
    void close() throws Exception {
        r.close();
    }

    private Obj plant() throws Exception {
        return r.admin.get(Resources.NAMESPACES, "", "plant").orElseThrow();
    }

    private Obj condition(String type) throws Exception {
        return plant().objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst().orElseGet(Obj::of);
    }

    private void make(String name, String... finalizers) throws Exception {
        r.admin.create(Resources.CONFIG_MAPS, "plant", Obj.of("metadata", Obj.of("name", name, "namespace", "plant", "finalizers", List.of(finalizers))));
    }

    private void gone() throws Exception {
        r.api.await("the namespace is gone", () -> r.admin.get(Resources.NAMESPACES, "", "plant").isEmpty());
    }

    @Test
    void everyNamespaceHasItsServiceAccountAndRootCa() throws Exception {
        r.api.await("the service account", () -> r.admin.get(Resources.SERVICE_ACCOUNTS, "plant", "default").isPresent());
        r.api.await("the CA", () -> r.admin.get(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt").isPresent());
        assertEquals(r.api.pki().serverCaPem(), r.admin.get(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt").orElseThrow().text("data", "ca.crt"));
        r.api.await("in those that were there too", () -> r.admin.get(Resources.SERVICE_ACCOUNTS, "kube-system", "default").isPresent());
    }

    @Test
    void whatIsDeletedOrChangedComesBack() throws Exception {
        r.api.await("the CA", () -> r.admin.get(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt").isPresent());
        r.admin.delete(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt");
        r.api.await("again", () -> r.admin.get(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt").isPresent());
        r.admin.patch(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt", "", Patch.MERGE, Obj.of("data", Obj.of("ca.crt", "forged")));
        r.api.await("the right CA again", () -> r.admin.get(Resources.CONFIG_MAPS, "plant", "kube-root-ca.crt").orElseThrow()
                .text("data", "ca.crt").equals(r.api.pki().serverCaPem()));
        r.api.await("the service account", () -> r.admin.get(Resources.SERVICE_ACCOUNTS, "plant", "default").isPresent());
        r.admin.delete(Resources.SERVICE_ACCOUNTS, "plant", "default");
        r.api.await("again", () -> r.admin.get(Resources.SERVICE_ACCOUNTS, "plant", "default").isPresent());
    }

    @Test
    void aDeletedNamespaceIsEmptiedAndGoes() throws Exception {
        make("a");
        make("b");
        r.admin.delete(Resources.NAMESPACES, "", "plant");
        gone();
        assertTrue(r.api.list(Resources.CONFIG_MAPS).stream().noneMatch(c -> c.namespace().equals("plant")));
        assertTrue(r.api.list(Resources.SERVICE_ACCOUNTS).stream().noneMatch(c -> c.namespace().equals("plant")));
        assertEquals(0, r.room.health().failures());
    }

    @Test
    void whatIsLeftIsSaidInConditions() throws Exception {
        make("a", "test/hold");
        r.admin.delete(Resources.NAMESPACES, "", "plant");
        r.api.await("it says what is left", () -> condition("NamespaceContentRemaining").text("message")
                .equals("Some resources are remaining: configmaps. has 1 resource instances"));
        assertEquals("SomeResourcesRemain", condition("NamespaceContentRemaining").text("reason"));
        assertEquals("Some content in the namespace has finalizers remaining: test/hold in 1 resource instances",
                condition("NamespaceFinalizersRemaining").text("message"));
        assertEquals("False", condition("NamespaceDeletionContentFailure").text("status"));
        assertEquals("Terminating", plant().text("status", "phase"));
        r.admin.patch(Resources.CONFIG_MAPS, "plant", "a", "", Patch.MERGE, Obj.of("metadata", Obj.of("finalizers", List.of())));
        gone();
    }

    @Test
    void oneResourceThatCannotBeDeletedDoesNotKeepTheOthers() throws Exception {
        make("a");
        r.admin.create(Resources.SECRETS, "plant", Obj.of("metadata", Obj.of("name", "s", "namespace", "plant")));
        AutoCloseable fault = r.api.refuse(q -> q.method().equals("DELETE") && q.target().contains("/secrets/"));
        r.admin.delete(Resources.NAMESPACES, "", "plant");
        r.api.await("it says so", () -> condition("NamespaceDeletionContentFailure").text("reason").equals("ContentDeletionFailed"));
        r.api.await("the others go", () -> r.admin.get(Resources.CONFIG_MAPS, "plant", "a").isEmpty());
        fault.close();
        gone();
    }

    @Test
    void podsGoFirst() throws Exception {
        r.api.await("the service account", () -> r.admin.get(Resources.SERVICE_ACCOUNTS, "plant", "default").isPresent());
        r.admin.create(Resources.PODS, "plant", Obj.of("metadata", Obj.of("name", "p", "namespace", "plant", "finalizers", List.of("test/hold")),
                "spec", Obj.of("containers", List.of(Obj.of("name", "c", "image", "web:1")))));
        make("a");
        r.admin.delete(Resources.NAMESPACES, "", "plant");
        r.api.await("it says what is left", () -> condition("NamespaceContentRemaining").text("message")
                .equals("Some resources are remaining: pods. has 1 resource instances"));
        assertTrue(r.admin.get(Resources.CONFIG_MAPS, "plant", "a").isPresent());
        r.admin.patch(Resources.PODS, "plant", "p", "", Patch.MERGE, Obj.of("metadata", Obj.of("finalizers", List.of())));
        gone();
    }
}
