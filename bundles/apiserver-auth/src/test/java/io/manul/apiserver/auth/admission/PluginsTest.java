package io.manul.apiserver.auth.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {

    private static final User ANN = Fakes.user("ann");
    private static final String POD = "{'metadata':{'namespace':'a','name':'p'},'spec':{'containers':[{'name':'c'},{'name':'d'}]}}";

    private final Memory memory = new Memory().put("", "namespaces", "{'metadata':{'name':'a'}}")
            .put("", "namespaces", "{'metadata':{'name':'going','deletionTimestamp':'2026-01-01T00:00:00Z'}}")
            .put("", "namespaces", "{'metadata':{'name':'phase'},'status':{'phase':'Terminating'}}");

    private Write write(Operation o, String what, String namespace, String object) {
        return Fakes.write(memory, ANN, o, what, namespace, o == Operation.DELETE ? null : object, o == Operation.CREATE ? null : object);
    }

    private static int run(Admission a, Write w) {
        try {
            if (w.operation() != Operation.DELETE) {
                a.mutate(w);
            }
            a.validate(w);
            return 0;
        } catch (ApiException e) {
            return e.code();
        }
    }

    @ParameterizedTest
    @CsvSource({"CREATE, configmaps, a, x, 0", "CREATE, configmaps, none, x, 404", "UPDATE, configmaps, none, x, 404", "DELETE, configmaps, none, x, 0",
        "CREATE, configmaps, going, x, 403", "CREATE, configmaps, phase, x, 403", "UPDATE, configmaps, going, x, 0", "DELETE, configmaps, going, x, 0",
        "CREATE, serviceaccounts/token, going, x, 403", "CREATE, serviceaccounts/token, a, x, 0", "CREATE, pods/eviction, going, x, 0",
        "CREATE, pods/binding, going, x, 0", "CREATE, nodes, '', x, 0", "DELETE, namespaces, '', kube-system, 403", "DELETE, namespaces, '', default, 403",
        "DELETE, namespaces, '', a, 0", "DELETE, namespaces/finalize, '', default, 0", "UPDATE, namespaces, '', going, 0"})
    void namespaceLifecycle(Operation o, String what, String namespace, String name, int code) {
        assertEquals(code, run(new NamespaceLifecycle(), write(o, what, namespace, "{'metadata':{'name':'" + name + "'}}")));
    }

    @Test
    void theRefusalSaysThatTheNamespaceGoes() {
        ApiException e = assertThrows(ApiException.class, () -> new NamespaceLifecycle().mutate(write(Operation.CREATE, "pods", "going", POD)));
        assertEquals("NamespaceTerminating", e.status().objects("details", "causes").getFirst().text("reason"));
    }

    private Obj account(String object, ServiceAccountAdmission a) throws ApiException {
        Write w = write(Operation.CREATE, "pods", "a", object);
        a.mutate(w);
        return w.object().at("spec");
    }

    @Test
    void theDefaultAccountIsWaitedFor() throws Exception {
        int[] pauses = {0};
        Obj spec = account(POD, new ServiceAccountAdmission(() -> {
            if (++pauses[0] == 3) {
                memory.put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'default'}}");
            }
        }));
        assertEquals(3, pauses[0]);
        assertEquals("default", spec.text("serviceAccountName"));
    }

    @Test
    void butNotForEverAndNoOther() {
        int[] pauses = {0};
        ServiceAccountAdmission a = new ServiceAccountAdmission(() -> pauses[0]++);
        assertEquals(403, assertThrows(ApiException.class, () -> account(POD, a)).code());
        assertEquals(20, pauses[0]);
        ApiException e = assertThrows(ApiException.class, () -> account(POD.replace("'spec':{", "'spec':{'serviceAccountName':'x',"), a));
        assertTrue(e.getMessage().endsWith("error looking up service account a/x: serviceaccount \"x\" not found"), e.getMessage());
        assertEquals(20, pauses[0]);
    }

    @Test
    void aGeneratedNameIsNotToldInARefusal() {
        ApiException e = assertThrows(ApiException.class, () -> account(
                "{'metadata':{'name':'rs-x7x2k','generateName':'rs-'},'spec':{'serviceAccountName':'x'}}", new ServiceAccountAdmission(() -> { })));
        assertEquals("pods \"rs-\" is forbidden: error looking up service account a/x: serviceaccount \"x\" not found", e.getMessage());
    }

    @Test
    void aPodGetsItsVolumeAndPullSecrets() throws Exception {
        memory.put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'default'},'imagePullSecrets':[{'name':'pull'}]}");
        Obj spec = account(POD, new ServiceAccountAdmission());
        String volume = spec.objects("volumes").getFirst().text("name");
        assertTrue(volume.matches("kube-api-access-[a-z0-9]{5}"));
        for (Obj c : spec.objects("containers")) {
            assertEquals(volume, c.objects("volumeMounts").getFirst().text("name"));
        }
        assertEquals("pull", spec.objects("imagePullSecrets").getFirst().text("name"));
        assertEquals(3607, spec.objects("volumes").getFirst().objects("projected", "sources").getFirst().number("serviceAccountToken", "expirationSeconds")
                .orElse(0));
    }

    @ParameterizedTest
    @CsvSource({"'','',true", "false,'',false", "'',false,false", "true,false,true", "false,true,false"})
    void automount(String pod, String account, boolean mounted) throws Exception {
        String key = "'automountServiceAccountToken':";
        memory.put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'default'}" + (account.isEmpty() ? "" : "," + key + account) + "}");
        Obj spec = account(pod.isEmpty() ? POD : POD.replace("'spec':{", "'spec':{" + key + pod + ","), new ServiceAccountAdmission());
        assertEquals(mounted, !spec.objects("volumes").isEmpty());
    }

    @Test
    void aMirrorPodGetsNothing() throws Exception {
        Obj spec = account(POD.replace("'name':'p'", "'name':'p','annotations':{'kubernetes.io/config.mirror':'x'}"), new ServiceAccountAdmission());
        assertFalse(spec.has("serviceAccountName") || spec.has("volumes"));
    }

    private String priority(String spec) {
        Write w = write(Operation.CREATE, "pods", "a", "{'metadata':{'namespace':'a','name':'p'},'spec':{" + spec + "}}");
        try {
            new Priority().mutate(w);
            Obj s = w.object().at("spec");
            return s.number("priority").orElse(-1) + " " + s.text("priorityClassName") + " " + s.text("preemptionPolicy");
        } catch (ApiException e) {
            return String.valueOf(e.code());
        }
    }

    @Test
    void priorities() {
        assertEquals("0  PreemptLowerPriority", priority(""));
        memory.put("scheduling.k8s.io", "priorityclasses", "{'metadata':{'name':'high'},'value':9,'preemptionPolicy':'Never'}");
        memory.put("scheduling.k8s.io", "priorityclasses", "{'metadata':{'name':'usual'},'value':5,'globalDefault':true}");
        assertEquals("9 high Never", priority("'priorityClassName':'high'"));
        assertEquals("9 high Never", priority("'priorityClassName':'high','priority':9"));
        assertEquals("403", priority("'priorityClassName':'high','priority':8"));
        assertEquals("403", priority("'priorityClassName':'none'"));
        assertEquals("5 usual PreemptLowerPriority", priority(""));
        assertEquals("403", priority("'priority':1000"));
    }

    @ParameterizedTest
    @CsvSource({"x, 1000000000, false, ann, 0", "x, 1000000001, false, ann, 422", "system-x, 2000000000, false, ann, 422",
        "system-x, 2000000000, false, root, 0", "x, 1, true, ann, 403", "usual, 1, true, ann, 0"})
    void priorityClasses(String name, long value, boolean global, String user, int code) {
        memory.put("scheduling.k8s.io", "priorityclasses", "{'metadata':{'name':'usual'},'value':5,'globalDefault':true}");
        Write w = Fakes.write(memory, Fakes.user(user, user.equals("root") ? "system:masters" : "g"), Operation.CREATE, "priorityclasses.scheduling.k8s.io", "",
                "{'metadata':{'name':'" + name + "'},'value':" + value + ",'globalDefault':" + global + "}", null);
        assertEquals(code, run(new Priority(), w));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"[] | 2", "[{'operator':'Exists'}] | 0", "[{'key':'node.kubernetes.io/not-ready','operator':'Exists'}] | 1",
        "[{'key':'node.kubernetes.io/not-ready','operator':'Exists','effect':'NoSchedule'}] | 2", "[{'operator':'Exists','effect':'NoExecute'}] | 0"})
    void tolerations(String given, int added) {
        Write w = write(Operation.CREATE, "pods", "a", "{'metadata':{'name':'p'},'spec':{'tolerations':" + given + "}}");
        new DefaultTolerationSeconds().mutate(w);
        List<Obj> all = w.object().objects("spec", "tolerations");
        assertEquals(added, all.stream().filter(t -> t.number("tolerationSeconds").orElse(0) == 300).count());
    }

    private String ingressClass(String more) throws ApiException {
        Write w = write(Operation.CREATE, "ingresses.networking.k8s.io", "a", "{'metadata':{'name':'i'" + more + "}}");
        new DefaultIngressClass().mutate(w);
        return w.object().text("spec", "ingressClassName");
    }

    @Test
    void theNewestDefaultIngressClassIsTaken() throws Exception {
        assertEquals("", ingressClass(""));
        for (String c : List.of("b 2026-01-01 true", "a 2026-01-01 true", "old 2025-01-01 true", "no 2027-01-01 false")) {
            String[] p = c.split(" ");
            memory.put("networking.k8s.io", "ingressclasses", "{'metadata':{'name':'%s','creationTimestamp':'%sT00:00:00Z','annotations':{'ingressclass.kubernetes.io/is-default-class':'%s'}}}"
                    .formatted((Object[]) p));
        }
        assertEquals("a", ingressClass(""));
        assertEquals("mine", ingressClass("},'spec':{'ingressClassName':'mine'"));
        assertEquals("", ingressClass(",'annotations':{'kubernetes.io/ingress.class':'mine'}"));
    }
}
