package io.manul.apiserver.auth.rbac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.Attributes;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DefaultPolicyTest {

    private final Memory memory = new Memory();

    private List<String> reconcile() throws Exception {
        List<String> done = new ArrayList<>();
        DefaultPolicy.reconcile(memory, new DefaultPolicy.Writer() {
            @Override
            public void create(String resource, Obj o) {
                done.add("create " + resource + " " + o.name());
                memory.put(Policy.GROUP, resource, o);
            }

            @Override
            public void update(String resource, Obj o) {
                done.add("update " + resource + " " + o.name());
                memory.put(Policy.GROUP, resource, o);
            }
        });
        return done;
    }

    private Obj edit(String resource, String name, Consumer<Obj> change) {
        Obj o = memory.get(Policy.GROUP, resource, "", name).orElseThrow();
        change.accept(o);
        memory.put(Policy.GROUP, resource, o);
        return o;
    }

    @Test
    void onceIsEnough() throws Exception {
        assertTrue(reconcile().size() > 50);
        assertEquals(List.of(), reconcile());
    }

    @Test
    void nodesAreBoundToNobodyAndSignersHaveTheirApprovers() throws Exception {
        reconcile();
        Obj nodes = memory.get(Policy.GROUP, "clusterrolebindings", "", "system:node").orElseThrow();
        assertEquals("system:node", nodes.text("roleRef", "name"));
        assertEquals(List.of(), nodes.objects("subjects"));
        Obj approver = memory.get(Policy.GROUP, "clusterroles", "", "system:certificates.k8s.io:kubelet-serving-approver").orElseThrow();
        assertEquals(List.of("kubernetes.io/kubelet-serving"), approver.objects("rules").getFirst().strings("resourceNames"));
    }

    /** The names of Kubernetes 1.36, bootstrappolicy/testdata/controller-roles.yaml. */
    @Test
    void everyControllerOfUpstreamHasItsRoleAndIsBoundToIt() throws Exception {
        reconcile();
        for (String name : """
                attachdetach-controller certificate-controller clusterrole-aggregation-controller cronjob-controller daemon-set-controller
                deployment-controller device-taint-eviction-controller disruption-controller endpoint-controller endpointslice-controller
                endpointslicemirroring-controller ephemeral-volume-controller expand-controller generic-garbage-collector
                horizontal-pod-autoscaler job-controller legacy-service-account-token-cleaner namespace-controller node-controller
                persistent-volume-binder pod-garbage-collector pv-protection-controller pvc-protection-controller replicaset-controller
                replication-controller resource-claim-controller resourcequota-controller root-ca-cert-publisher route-controller
                selinux-warning-controller service-account-controller service-cidrs-controller service-controller statefulset-controller
                ttl-after-finished-controller ttl-controller validatingadmissionpolicy-status-controller
                volumeattributesclass-protection-controller""".strip().split("\\s+")) {
            assertFalse(memory.get(Policy.GROUP, "clusterroles", "", "system:controller:" + name).orElseThrow().objects("rules").isEmpty(), name);
            Obj binding = memory.get(Policy.GROUP, "clusterrolebindings", "", "system:controller:" + name).orElseThrow();
            assertEquals(List.of(Obj.of("kind", "ServiceAccount", "name", name, "namespace", "kube-system")), binding.objects("subjects"));
        }
    }

    @Test
    void aBindingMayHaveAnotherNameThanItsRole() throws Exception {
        reconcile();
        Obj binding = memory.get(Policy.GROUP, "rolebindings", "kube-system", "system::extension-apiserver-authentication-reader").orElseThrow();
        assertEquals("extension-apiserver-authentication-reader", binding.text("roleRef", "name"));
        assertEquals(2, binding.objects("subjects").size());
    }

    @Test
    void whatIsCoveredIsLeftAloneWhateverItsForm() throws Exception {
        reconcile();
        edit("clusterroles", "system:basic-user", r -> r.put("rules", List.of(Obj.of("verbs", List.of("*"), "apiGroups", List.of("*"), "resources",
                List.of("*")))));
        edit("clusterroles", "system:discovery", r -> r.put("rules", List.of(
                Obj.of("verbs", List.of("get"), "nonResourceURLs", List.of("/api*", "/openapi*", "/version*")),
                Obj.of("verbs", List.of("get"), "nonResourceURLs", List.of("/healthz", "/livez", "/readyz")))));
        edit("clusterrolebindings", "cluster-admin", b -> b.put("subjects", List.of(Obj.of("kind", "Group", "name", "system:masters"))));
        assertEquals(List.of(), reconcile());
    }

    @Test
    void whatIsMissingIsAddedAndWhatAPersonAddedStays() throws Exception {
        reconcile();
        edit("clusterroles", "system:basic-user", r -> r.put("rules", List.of(Obj.of("verbs", List.of("get"), "apiGroups", List.of("x"), "resources",
                List.of("y")))));
        edit("clusterrolebindings", "cluster-admin", b -> b.put("subjects", List.of(Obj.of("kind", "User", "name", "ann"))));
        edit("clusterroles", "system:aggregate-to-view", r -> r.remove("metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-view"));
        edit("clusterroles", "view", r -> r.remove("aggregationRule"));
        edit("clusterroles", "system:discovery", r -> r.set("false", "metadata", "annotations", "rbac.authorization.kubernetes.io/autoupdate")
                .put("rules", List.of()));
        List<String> done = reconcile();
        assertEquals(4, done.size(), done.toString());
        assertEquals(3, memory.get(Policy.GROUP, "clusterroles", "", "system:basic-user").orElseThrow().objects("rules").size());
        assertEquals(2, memory.get(Policy.GROUP, "clusterrolebindings", "", "cluster-admin").orElseThrow().objects("subjects").size());
        assertEquals(List.of(), reconcile());
    }

    @Test
    void theDefaultRolesDoWhatTheySay() throws Exception {
        reconcile();
        memory.put(Policy.GROUP, "rolebindings", "{'metadata':{'namespace':'a','name':'v'},'roleRef':{'kind':'ClusterRole','name':'view'},"
                + "'subjects':[{'kind':'User','name':'v'}]}");
        memory.put(Policy.GROUP, "rolebindings", "{'metadata':{'namespace':'a','name':'e'},'roleRef':{'kind':'ClusterRole','name':'admin'},"
                + "'subjects':[{'kind':'User','name':'e'}]}");
        assertTrue(may("v", "get", "pods"));
        assertFalse(may("v", "get", "secrets"));
        assertTrue(may("e", "get", "pods") && may("e", "get", "secrets"));
    }

    private boolean may(String user, String verb, String resource) {
        return new RbacAuthorizer(memory).authorize(new Attributes(Fakes.user(user), verb, "", "v1", resource, "", "a", "x", "", true)).allowed();
    }
}
