package io.manul.apiserver.auth.admission;

import static io.manul.apiserver.spi.Operation.CREATE;
import static io.manul.apiserver.spi.Operation.DELETE;
import static io.manul.apiserver.spi.Operation.UPDATE;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NodeRestrictionTest {

    private static final String OWNER = "'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'n1','uid':'nu','controller':true}]";
    private static final String MIRROR = "{'metadata':{'namespace':'a','name':'m','annotations':{'kubernetes.io/config.mirror':'x'}," + OWNER
            + "},'spec':{'nodeName':'n1'}}";

    private final Memory memory = new Memory().put("", "nodes", "{'metadata':{'name':'n1','uid':'nu'}}")
            .put("", "pods", pod("p1", "n1", "s")).put("", "pods", pod("p2", "n2", "s")).put("", "pods", pod("p3", "n1", "t"));
    private final List<DynamicTest> tests = new ArrayList<>();

    private static String pod(String name, String node, String account) {
        return "{'metadata':{'namespace':'a','name':'" + name + "','uid':'u-" + name + "'},'spec':{'nodeName':'" + node + "','serviceAccountName':'"
                + account + "'}}";
    }

    private static String node(String name, String labels) {
        return "{'metadata':{'name':'" + name + "','labels':{" + labels + "}},'spec':{}}";
    }

    private static String token(String ref) {
        return "{'metadata':{'name':'s'},'spec':{'boundObjectRef':{" + ref + "}}}";
    }

    private void row(Operation operation, String what, String object, String old, String wanted) {
        row(Fakes.node("n1"), operation, what, object, old, wanted);
    }

    private void row(User user, Operation operation, String what, String object, String old, String wanted) {
        tests.add(dynamicTest(operation + " " + what + " " + object + " was " + old, () -> {
            String namespace = what.contains("lease") ? "kube-node-lease" : what.contains("nodes") ? "" : "a";
            Write w = Fakes.write(memory, user, operation, what, namespace, object, old);
            if (wanted.isEmpty()) {
                assertDoesNotThrow(() -> new NodeRestriction().validate(w));
            } else {
                ApiException e = assertThrows(ApiException.class, () -> new NodeRestriction().validate(w));
                assertTrue(e.getMessage().contains(wanted), e.getMessage());
            }
        }));
    }

    @TestFactory
    List<DynamicTest> tokens() {
        String good = "'apiVersion':'v1','kind':'Pod','name':'p1','uid':'u-p1'";
        row(CREATE, "serviceaccounts/token", token(good), null, "");
        row(CREATE, "serviceaccounts/token", token(""), null, "node requested token not bound to a pod");
        row(CREATE, "serviceaccounts/token", "{'metadata':{'name':'s'},'spec':{}}", null, "node requested token not bound to a pod");
        row(CREATE, "serviceaccounts/token", token(good.replace("Pod", "Secret")), null, "node requested token not bound to a pod");
        row(CREATE, "serviceaccounts/token", token(good.replace("v1", "v2")), null, "node requested token not bound to a pod");
        row(CREATE, "serviceaccounts/token", token(good.replace("'p1'", "''")), null, "node requested token not bound to a pod");
        row(CREATE, "serviceaccounts/token", token(good.replace("u-p1", "")), null, "pod binding without a uid");
        row(CREATE, "serviceaccounts/token", token(good.replace("u-p1", "old")), null, "does not match the UID in record");
        row(CREATE, "serviceaccounts/token", token(good.replace("p1", "gone")), null, "pods \"gone\" not found");
        row(CREATE, "serviceaccounts/token", token(good.replace("p1", "p2")), null, "node requested token bound to a pod scheduled on a different node");
        row(CREATE, "serviceaccounts/token", token(good.replace("p1", "p3")), null, "runs as another one");
        row(Fakes.user("ann"), CREATE, "serviceaccounts/token", token(""), null, "");
        return tests;
    }

    @TestFactory
    List<DynamicTest> nodes() {
        String role = "'node-role.kubernetes.io/control-plane':'true'";
        row(CREATE, "nodes", node("n1", "'kubernetes.io/hostname':'n1','beta.kubernetes.io/os':'linux','x':'y','example.com/a':'b'"), null, "");
        row(CREATE, "nodes", node("n1", "'node.kubernetes.io/anything':'a','x.kubelet.kubernetes.io/b':'c'"), null, "");
        row(CREATE, "nodes", node("n2", ""), null, "node \"n1\" is not allowed to modify node \"n2\"");
        row(CREATE, "nodes", node("n1", "'node-restriction.kubernetes.io/a':'b'"), null, "is not allowed to set the following labels: node-restriction");
        row(CREATE, "nodes", node("n1", "'x.node-restriction.kubernetes.io/a':'b'"), null, "is not allowed to set the following labels");
        row(CREATE, "nodes", node("n1", "'foo.k8s.io/b':'1','app.kubernetes.io/a':'1'"), null,
                "is not allowed to set the following labels: app.kubernetes.io/a, foo.k8s.io/b");
        // n1 is this server's own node: its role and what its settings say
        row(CREATE, "nodes", node("n1", role + ",'example.kubernetes.io/zone':'a'"), null, "");
        row(CREATE, "nodes", node("n1", "'example.kubernetes.io/zone':'b'"), null, "is not allowed to set");
        row(CREATE, "nodes", node("n1", "'node-role.kubernetes.io/other':'true'"), null, "is not allowed to set");
        row(Fakes.node("n2"), CREATE, "nodes", node("n2", role), null, "is not allowed to set");
        row(UPDATE, "nodes", node("n1", role), node("n1", ""), "");
        row(UPDATE, "nodes", node("n1", "'x':'y'"), node("n1", "'x':'z'"), "");
        row(UPDATE, "nodes", node("n1", ""), node("n1", "'app.kubernetes.io/a':'1'"), "is not allowed to modify labels: app.kubernetes.io/a");
        row(UPDATE, "nodes", node("n1", "'node-restriction.kubernetes.io/a':'b'"), node("n1", ""), "is not allowed to modify labels");
        row(UPDATE, "nodes", node("n1", ""), node("n1", "").replace("'spec':{}", "'spec':{'taints':[{'key':'k'}]}"), "is not allowed to modify taints");
        row(UPDATE, "nodes/status", node("n1", ""), node("n1", ""), "");
        row(UPDATE, "nodes/status", node("n2", ""), node("n2", ""), "is not allowed to modify node");
        row(CREATE, "leases.coordination.k8s.io", "{'metadata':{'name':'n1'}}", null, "");
        row(CREATE, "leases.coordination.k8s.io", "{'metadata':{'name':'n2'}}", null, "same name as the requesting node");
        row(CREATE, "csinodes.storage.k8s.io", "{'metadata':{'name':'n2'}}", null, "same name as the requesting node");
        return tests;
    }

    @TestFactory
    List<DynamicTest> pods() {
        row(CREATE, "pods", MIRROR, null, "");
        row(CREATE, "pods", MIRROR.replace("config.mirror", "other"), null, "can only create mirror pods");
        row(CREATE, "pods", MIRROR.replace("'nodeName':'n1'", "'nodeName':'n2'"), null, "can only create pods with spec.nodeName set to itself");
        row(CREATE, "pods", MIRROR.replace("," + OWNER, ""), null, "with an owner reference set to itself");
        row(CREATE, "pods", MIRROR.replace("'kind':'Node','name':'n1'", "'kind':'Node','name':'n2'"), null, "with an owner reference set to itself");
        row(CREATE, "pods", MIRROR.replace(",'controller':true", ""), null, "controller owner reference");
        row(CREATE, "pods", MIRROR.replace("'controller':true", "'controller':true,'blockOwnerDeletion':true"), null, "must not set blockOwnerDeletion");
        row(CREATE, "pods", MIRROR.replace("'uid':'nu'", "'uid':'old'"), null, "UID mismatch");
        for (String[] more : new String[][] {{"'serviceAccountName':'s'", "a service account"}, {"'imagePullSecrets':[{'name':'x'}]", "secrets"},
            {"'volumes':[{'secret':{'secretName':'x'}}]", "secrets"}, {"'volumes':[{'configMap':{'name':'x'}}]", "configmaps"},
            {"'containers':[{'envFrom':[{'secretRef':{'name':'x'}}]}]", "secrets"},
            {"'volumes':[{'persistentVolumeClaim':{'claimName':'x'}}]", "persistentvolumeclaims"}}) {
            row(CREATE, "pods", MIRROR.replace("'spec':{", "'spec':{" + more[0] + ","), null, "can not create pods that reference " + more[1]);
        }
        row(UPDATE, "pods", pod("p1", "n1", "s"), pod("p1", "n1", "s"), "can only create and delete mirror pods");
        row(UPDATE, "pods/status", pod("p1", "n1", "s"), pod("p1", "n1", "s"), "");
        row(UPDATE, "pods/status", pod("p2", "n2", "s"), pod("p2", "n2", "s"), "can only update pod status for pods with spec.nodeName set to itself");
        row(UPDATE, "pods/status", pod("p1", "n1", "s").replace("'uid'", "'labels':{'a':'b'},'uid'"), pod("p1", "n1", "s"),
                "cannot update labels through pod status");
        row(DELETE, "pods", null, pod("p1", "n1", "s"), "");
        row(DELETE, "pods", null, pod("p2", "n2", "s"), "can only delete pods with spec.nodeName set to itself");
        return tests;
    }
}
