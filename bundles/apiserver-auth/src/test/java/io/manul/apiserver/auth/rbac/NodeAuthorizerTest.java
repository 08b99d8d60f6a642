package io.manul.apiserver.auth.rbac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.FieldSelector;
import io.manul.apiserver.spi.User;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NodeAuthorizerTest {

    private final Memory memory = new Memory()
            .put("", "pods", "{'metadata':{'namespace':'a','name':'p1'},'spec':{'nodeName':'n1','serviceAccountName':'sa1','imagePullSecrets':[{'name':'pull'}],"
                    + "'containers':[{'env':[{'valueFrom':{'secretKeyRef':{'name':'env'}}}],'envFrom':[{'configMapRef':{'name':'from'}}]}],"
                    + "'volumes':[{'name':'v','secret':{'secretName':'vol'}},{'name':'c','persistentVolumeClaim':{'claimName':'claim'}},"
                    + "{'name':'e','ephemeral':{}},{'name':'pr','projected':{'sources':[{'configMap':{'name':'proj'}}]}}]}}")
            .put("", "pods", "{'metadata':{'namespace':'a','name':'p2'},'spec':{'nodeName':'n2','serviceAccountName':'sa2',"
                    + "'volumes':[{'secret':{'secretName':'other'}},{'persistentVolumeClaim':{'claimName':'claim2'}}]}}")
            .put("", "persistentvolumes", "{'metadata':{'name':'pv1'},'spec':{'claimRef':{'namespace':'a','name':'claim'}}}")
            .put("", "persistentvolumes", "{'metadata':{'name':'pv2'},'spec':{'claimRef':{'namespace':'a','name':'claim2'}}}")
            .put("", "persistentvolumes", "{'metadata':{'name':'free'},'spec':{}}");
    private final NodeAuthorizer authorizer = new NodeAuthorizer(memory);

    /** @param line verb, resource, namespace, name, and for a list its field selector */
    private Decision ask(User user, String line) throws ApiException {
        String[] w = line.trim().split("\\s+");
        String[] r = w[1].split("/");
        int dot = r[0].indexOf('.');
        return authorizer.authorize(new Attributes(user, w[0], dot < 0 ? "" : r[0].substring(dot + 1), "v1", dot < 0 ? r[0] : r[0].substring(0, dot),
                r.length > 1 ? r[1] : "", w[2].equals("-") ? "" : w[2], w[3].equals("-") ? "" : w[3], "", true,
                FieldSelector.parse(w.length > 4 ? w[4] : "")));
    }

    @TestFactory
    Stream<DynamicTest> table() {
        return """
                yes get secrets a env
                yes list secrets a vol
                yes get secrets a pull
                yes get configmaps a from
                yes watch configmaps a proj
                no  get secrets a other
                no  get secrets b env
                no  list secrets a -
                no  list secrets - -
                no  update secrets a env
                yes get persistentvolumeclaims a claim
                yes get persistentvolumeclaims a p1-e
                no  list persistentvolumeclaims a claim
                no  get persistentvolumeclaims a claim2
                no  update persistentvolumeclaims/status a claim
                yes get persistentvolumes - pv1
                no  get persistentvolumes - pv2
                no  get persistentvolumes - free
                no  get persistentvolumes - none
                no  list persistentvolumes - -
                yes create serviceaccounts/token a sa1
                no  create serviceaccounts/token a sa2
                no  create serviceaccounts a sa1
                no  get serviceaccounts/token a sa1
                yes get nodes - n1
                no  get nodes - n2
                no  list nodes - -
                yes list nodes - n1
                yes watch nodes - n1
                yes create nodes - -
                yes patch nodes - n1
                no  patch nodes - n2
                no  delete nodes - n1
                yes patch nodes/status - n1
                no  patch nodes/status - n2
                no  get nodes/status - n1
                no  get nodes/proxy - n1
                no  create nodes/proxy - n1
                no  patch nodes/scale - n1
                yes get pods a p1
                no  get pods a p2
                yes get pods a gone
                yes list pods - - spec.nodeName=n1
                yes watch pods a - status.phase!=Failed,spec.nodeName==n1
                no  list pods - - spec.nodeName=n2
                no  list pods - - spec.nodeName!=n1
                no  watch pods - - status.phase=Running
                no  list pods - -
                no  watch pods a p1
                yes create pods a -
                yes delete pods a p1
                no  update pods a p1
                no  deletecollection pods a -
                yes patch pods/status a p1
                no  get pods/log a p1
                no  create pods/exec a p1
                no  create pods/binding a p1
                yes create pods/eviction a p1
                yes create leases.coordination.k8s.io kube-node-lease -
                yes update leases.coordination.k8s.io kube-node-lease n1
                no  update leases.coordination.k8s.io kube-node-lease n2
                no  update leases.coordination.k8s.io kube-system n1
                no  list leases.coordination.k8s.io kube-node-lease n1
                yes get csinodes.storage.k8s.io - n1
                no  get csinodes.storage.k8s.io - n2
                yes list services - -
                no  get services/proxy a x
                no  update services a x
                yes create events a -
                no  delete events a x
                yes create tokenreviews.authentication.k8s.io - -
                no  list deployments.apps a -
                no  create clusterrolebindings.rbac.authorization.k8s.io - -
                """.lines().map(l -> dynamicTest(l, () -> {
                    Decision d = ask(Fakes.node("n1"), l.substring(4));
                    assertEquals(l.startsWith("yes"), d.allowed(), d.reason());
                }));
    }

    @Test
    void onlyNodesAreAsked() throws ApiException {
        assertEquals(Decision.Kind.NO_OPINION, ask(Fakes.user("system:node:n1", "system:authenticated"), "get nodes - n1").kind());
        assertEquals(Decision.Kind.NO_OPINION, ask(Fakes.user("system:node:", "system:nodes"), "list services - -").kind());
    }

    @Test
    void thePodThatIsBoundNowCounts() throws ApiException {
        assertEquals(false, ask(Fakes.node("n3"), "get secrets a new").allowed());
        memory.put("", "pods", "{'metadata':{'namespace':'a','name':'p3'},'spec':{'nodeName':'n3','volumes':[{'secret':{'secretName':'new'}}]}}");
        assertEquals(true, ask(Fakes.node("n3"), "get secrets a new").allowed());
        memory.remove("", "pods", "a", "p3");
        assertEquals(false, ask(Fakes.node("n3"), "get secrets a new").allowed());
    }
}
