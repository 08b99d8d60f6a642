package io.manul.apiserver.auth.rbac;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class EscalationTest {

    private static final String PODS = "{'verbs':['get'],'apiGroups':[''],'resources':['pods']}";
    private static final String ONE_POD = "{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['x']}";
    private static final String NAMELESS = "{'verbs':['get'],'apiGroups':[''],'resources':['secrets'],'resourceNames':['']}";
    private static final String SECRETS = "{'verbs':['get'],'apiGroups':[''],'resources':['secrets']}";
    private static final String ALL = "{'verbs':['*'],'apiGroups':['*'],'resources':['*']},{'verbs':['*'],'nonResourceURLs':['*']}";
    private static final String GATHER = ",'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'a':'b'}}]}";
    private static final String DENIED = "is attempting to grant RBAC permissions not currently held";
    private static final String ADMIN = "must have cluster-admin privileges to use an aggregationRule";

    private final Memory memory = new Memory();
    private final Escalation escalation = new Escalation(new RbacAuthorizer(memory));
    private final List<DynamicTest> tests = new ArrayList<>();

    private static String role(String name, String rules, String more) {
        return "{'metadata':{'name':'" + name + "'},'rules':[" + rules + "]" + more + "}";
    }

    private static String binding(String kind, String name) {
        return "{'metadata':{'name':'b','namespace':'a'},'roleRef':{'kind':'" + kind + "','name':'" + name + "'},'subjects':[]}";
    }

    private void holds(String user, String rules) {
        memory.put(Policy.GROUP, "clusterroles", role("of-" + user, rules, ""));
        memory.put(Policy.GROUP, "clusterrolebindings", "{'metadata':{'name':'" + user + "'},'roleRef':{'kind':'ClusterRole','name':'of-" + user
                + "'},'subjects':[{'kind':'User','name':'" + user + "'}]}");
    }

    private void row(String user, String what, String object, String old, String wanted) {
        tests.add(dynamicTest(user + " " + what + " " + object + " was " + old, () -> {
            Write w = Fakes.write(memory, Fakes.user(user, user.equals("root") ? "system:masters" : "g"), old == null ? Operation.CREATE : Operation.UPDATE,
                    what + "." + Policy.GROUP, what.startsWith("cluster") ? "" : "a", object, old);
            if (wanted.isEmpty()) {
                assertDoesNotThrow(() -> escalation.validate(w));
            } else {
                ApiException e = assertThrows(ApiException.class, () -> escalation.validate(w));
                assertTrue(e.getMessage().contains(wanted), e.getMessage());
                assertEquals(wanted.contains("not found") ? 404 : 403, e.code());
            }
        }));
    }

    @TestFactory
    List<DynamicTest> table() {
        holds("pods", PODS + "," + NAMELESS);
        holds("all", ALL);
        holds("almost", "{'verbs':['*'],'apiGroups':['','apps'],'resources':['*']},{'verbs':['*'],'nonResourceURLs':['*']}");
        holds("escalate", "{'verbs':['escalate'],'apiGroups':['" + Policy.GROUP + "'],'resources':['clusterroles']}");
        holds("bind", "{'verbs':['bind'],'apiGroups':['" + Policy.GROUP + "'],'resources':['roles'],'resourceNames':['strong','later']}");
        memory.put(Policy.GROUP, "roles", "{'metadata':{'namespace':'a','name':'strong'},'rules':[" + SECRETS + "]}");
        memory.put(Policy.GROUP, "roles", "{'metadata':{'namespace':'a','name':'weak'},'rules':[" + PODS + "]}");

        row("pods", "clusterroles", role("r", PODS, ""), null, "");
        row("pods", "clusterroles", role("r", ONE_POD, ""), null, "");
        row("pods", "clusterroles", role("r", SECRETS, ""), null, DENIED);
        row("pods", "clusterroles", role("r", "{'verbs':['*'],'apiGroups':[''],'resources':['pods']}", ""), null, DENIED);
        row("pods", "clusterroles", role("r", "{'verbs':['get'],'nonResourceURLs':['/x']}", ""), null, DENIED);
        row("escalate", "clusterroles", role("r", SECRETS, ""), null, "");
        row("root", "clusterroles", role("r", ALL, GATHER), null, "");
        // what a role was may not be relabelled to be gathered elsewhere
        row("pods", "clusterroles", role("r", SECRETS, ",'x':1"), role("r", SECRETS, ""), DENIED);
        row("pods", "clusterroles", role("r", SECRETS, ",'metadata':{'name':'r','finalizers':['f']}"), role("r", SECRETS, ""), "");
        // aggregation
        row("pods", "clusterroles", role("r", "", GATHER), null, ADMIN);
        row("almost", "clusterroles", role("r", "", GATHER), null, ADMIN);
        row("pods", "clusterroles", role("r", "", GATHER), role("r", "", ""), ADMIN);
        row("pods", "clusterroles", role("r", "", ""), role("r", "", GATHER), ADMIN);
        row("all", "clusterroles", role("r", "", GATHER), null, "");
        row("escalate", "clusterroles", role("r", "", GATHER), null, "");
        // bindings
        row("pods", "rolebindings", binding("Role", "weak"), null, "");
        row("pods", "rolebindings", binding("Role", "strong"), null, DENIED);
        row("bind", "rolebindings", binding("Role", "strong"), null, "");
        row("pods", "rolebindings", binding("Role", "later"), null, "roles.rbac.authorization.k8s.io \"later\" not found");
        row("almost", "rolebindings", binding("ClusterRole", "none"), null, "clusterroles.rbac.authorization.k8s.io \"none\" not found");
        row("bind", "rolebindings", binding("Role", "later"), null, "");
        row("all", "rolebindings", binding("ClusterRole", "none"), null, "");
        row("pods", "clusterrolebindings", binding("ClusterRole", "of-all"), null, DENIED);
        return tests;
    }
}
