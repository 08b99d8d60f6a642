package io.manul.apiserver.auth.rbac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RbacTest {

    private static final String GROUP = Policy.GROUP;

    private final Memory memory = new Memory();
    private final RbacAuthorizer rbac = new RbacAuthorizer(memory);

    private void role(String name, String labels, String rules) {
        memory.put(GROUP, "clusterroles", "{'metadata':{'name':'" + name + "','labels':{" + labels + "}}," + rules + "}");
    }

    private void bind(String role, String user) {
        memory.put(GROUP, "clusterrolebindings", "{'metadata':{'name':'" + role + user + "'},'roleRef':{'kind':'ClusterRole','name':'" + role
                + "'},'subjects':[{'kind':'User','name':'" + user + "'}]}");
    }

    /** {@code user[,group...] verb group/resource[/sub] namespace name} or {@code user verb PATH}; '-' is empty. */
    private boolean may(String line) {
        String[] w = line.trim().split("\\s+");
        String[] who = w[0].split(",");
        User user = new User(who[0], List.of(who).subList(1, who.length));
        if (w.length == 3) {
            return rbac.authorize(new Attributes(user, w[1], "", "", "", "", "", "", w[2], false)).allowed();
        }
        String[] r = w[2].split("/");
        return rbac.authorize(new Attributes(user, w[1], r[0].equals("core") ? "" : r[0], "v1", r[1], r.length > 2 ? r[2] : "",
                w[3].equals("-") ? "" : w[3], w[4].equals("-") ? "" : w[4], "", true)).allowed();
    }

    @TestFactory
    Stream<DynamicTest> table() {
        role("read", "", "'rules':[{'verbs':['get','list'],'apiGroups':[''],'resources':['pods','pods/log']}]");
        role("scale", "", "'rules':[{'verbs':['*'],'apiGroups':['apps'],'resources':['*/scale']}]");
        role("named", "", "'rules':[{'verbs':['get','update'],'apiGroups':[''],'resources':['configmaps'],'resourceNames':['one','two']}]");
        role("paths", "", "'rules':[{'verbs':['get'],'nonResourceURLs':['/healthz','/logs/*']}]");
        role("all", "", "'rules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*']}]");
        List.of("read", "scale", "named", "paths", "all").forEach(r -> bind(r, r));
        memory.put(GROUP, "roles", "{'metadata':{'namespace':'a','name':'local'},'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['secrets']},"
                + "{'verbs':['get'],'nonResourceURLs':['/x']}]}");
        memory.put(GROUP, "rolebindings", "{'metadata':{'namespace':'a','name':'b1'},'roleRef':{'kind':'Role','name':'local'},'subjects':["
                + "{'kind':'Group','name':'team'},{'kind':'ServiceAccount','name':'bot','namespace':'b'},{'kind':'ServiceAccount','name':'here'}]}");
        memory.put(GROUP, "rolebindings", "{'metadata':{'namespace':'a','name':'b2'},'roleRef':{'kind':'ClusterRole','name':'read'},'subjects':["
                + "{'kind':'User','name':'ann'}]}");
        memory.put(GROUP, "rolebindings", "{'metadata':{'namespace':'a','name':'b3'},'roleRef':{'kind':'Role','name':'nowhere'},'subjects':["
                + "{'kind':'User','name':'lost'}]}");
        return """
                yes read get core/pods a x
                yes read list core/pods - -
                yes read get core/pods/log a x
                no  read get core/pods/exec a x
                no  read watch core/pods a x
                no  read get apps/pods a x
                no  read get core/podss a x
                no  Read get core/pods a x
                yes scale patch apps/deployments/scale a x
                no  scale patch apps/deployments a x
                no  scale patch core/replicationcontrollers/scale a x
                yes named get core/configmaps a one
                yes named update core/configmaps a two
                no  named get core/configmaps a three
                no  named list core/configmaps a -
                no  named get core/configmaps/status a one
                yes paths get /healthz
                yes paths get /logs/a/b
                no  paths get /log
                no  paths post /healthz
                no  paths get /healthz/x
                no  paths get core/pods a x
                yes all impersonate x/y/z a n
                no  all get /healthz
                yes root,system:masters get /anything
                yes root,system:masters delete core/nodes - n1
                yes x,team get core/secrets a s
                no  x,team get core/secrets b s
                no  x,team get core/secrets - s
                no  x,team get /x
                yes system:serviceaccount:b:bot get core/secrets a s
                no  system:serviceaccount:a:bot get core/secrets a s
                yes system:serviceaccount:a:here get core/secrets a s
                no  bot get core/secrets a s
                yes ann get core/pods a x
                no  ann get core/pods b x
                no  lost get core/pods a x
                no  nobody get core/pods a x
                """.lines().map(l -> dynamicTest(l, () -> assertEquals(l.startsWith("yes"), may(l.substring(4)))));
    }

    @Test
    void aChangeIsSeenAtOnce() {
        role("r", "", "'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]");
        assertEquals(false, may("u get core/pods a x"));
        bind("r", "u");
        assertEquals(true, may("u get core/pods a x"));
        memory.remove(GROUP, "clusterrolebindings", "", "ru");
        assertEquals(false, may("u get core/pods a x"));
    }

    private static String aggregate(String label) {
        return "'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'" + label + "':'y'}}]}";
    }

    @Test
    void anAggregatedRoleHasWhatItGathersAndNothingOfItsOwn() {
        role("top", "", aggregate("t") + ",'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['secrets']}]");
        role("mid", "'t':'y'", aggregate("m"));
        role("leaf", "'m':'y'", "'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]");
        bind("top", "u");
        assertEquals(true, may("u get core/pods a x"));
        assertEquals(false, may("u get core/secrets a x"));
    }

    @Test
    void rulesWrittenIntoAnAggregatedRoleCountOnceAndLagNowhere() {
        String pods = "'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]";
        role("top", "", aggregate("t") + "," + pods);
        role("mid", "'t':'y'", aggregate("m") + "," + pods);
        role("leaf", "'m':'y','t':'y'", pods);
        role("same", "'t':'y'", pods);
        bind("top", "u");
        assertEquals(1, new RbacAuthorizerRules(rbac).of(Fakes.user("u"), "a").size());
        role("same", "'t':'y'", "'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['secrets']}]");
        assertEquals(true, may("u get core/secrets a x"));
        memory.remove(GROUP, "clusterroles", "", "leaf");
        assertEquals(false, may("u get core/pods a x"));
    }

    /** Thirty roles that all gather each other: every one is taken in once. */
    @Test
    void circlesEnd() {
        for (int i = 0; i < 30; i++) {
            role("c" + i, "'c':'y'", aggregate("c"));
        }
        role("leaf", "'c':'y'", "'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]");
        bind("c0", "u");
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertEquals(true, may("u get core/pods a x")));
        assertEquals(1, new RbacAuthorizerRules(rbac).of(Fakes.user("u"), "a").size());
    }

    private record RbacAuthorizerRules(RbacAuthorizer rbac) {
        List<Obj> of(User u, String namespace) throws AssertionError {
            try {
                return rbac.rules(u, namespace).objects("resourceRules");
            } catch (io.manul.apiserver.spi.ApiException e) {
                throw new AssertionError(e);
            }
        }
    }
}
