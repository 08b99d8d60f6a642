package io.manul.controllers.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Patch;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoleAggregationTest {

    private static final String TO_VIEW = "rbac.authorization.k8s.io/aggregate-to-view";

    private Room r;

    @BeforeEach
    void open() throws Exception {
        r = new Room();
    }

    @AfterEach
    void close() throws Exception {
        r.close();
    }

    private static Obj rule(String resource) {
        return Obj.of("apiGroups", List.of("plant.example"), "resources", List.of(resource), "verbs", List.of("get", "list"));
    }

    private void make(String name, Obj labels, Obj aggregation, Obj... rules) throws Exception {
        r.admin.create(RoleAggregation.CLUSTER_ROLES, "", Obj.of("metadata", Obj.of("name", name, "labels", labels),
                "aggregationRule", aggregation, "rules", List.of(rules)));
    }

    private static Obj gathering(String... labels) {
        return Obj.of("clusterRoleSelectors", Stream.of(labels).map(l -> Obj.of("matchLabels", Obj.of(l, "true"))).toList());
    }

    private Obj role(String name) throws Exception {
        return r.admin.get(RoleAggregation.CLUSTER_ROLES, "", name).orElseThrow();
    }

    private List<Obj> rules(String name) throws Exception {
        return role(name).objects("rules");
    }

    private void shows(String name, Obj... rules) throws Exception {
        r.api.await(name + " shows " + List.of(rules), () -> rules(name).equals(List.of(rules)));
    }

    private static List<Obj> together(List<Obj> a, List<Obj> b) {
        return Stream.concat(a.stream(), b.stream()).distinct().toList();
    }

    @Test
    void theDefaultRolesShowWhatTheyGrant() throws Exception {
        List<Obj> metrics = rules("system:aggregated-metrics-reader");
        List<Obj> view = together(rules("system:aggregate-to-view"), metrics);
        List<Obj> edit = together(together(rules("system:aggregate-to-edit"), metrics), view);
        r.api.await("view", () -> rules("view").equals(view));
        r.api.await("edit: what it adds, then view", () -> rules("edit").equals(edit));
        r.api.await("admin: edit, then what it adds", () -> rules("admin").equals(together(edit, rules("system:aggregate-to-admin"))));
        assertTrue(view.size() > 5 && edit.size() > view.size());
    }

    @Test
    void aRoleWithTheLabelAddsItsRulesAndTakesThemAlong() throws Exception {
        make("plant-view", Obj.of(TO_VIEW, "true"), null, rule("cameras"));
        for (String name : List.of("view", "edit", "admin")) {
            r.api.await(name + " has it", () -> rules(name).contains(rule("cameras")));
        }
        r.admin.patch(RoleAggregation.CLUSTER_ROLES, "", "plant-view", "", Patch.MERGE, Obj.of("rules", List.of(rule("doors"))));
        r.api.await("the change is seen", () -> rules("admin").contains(rule("doors")) && !rules("admin").contains(rule("cameras")));
        r.admin.delete(RoleAggregation.CLUSTER_ROLES, "", "plant-view");
        for (String name : List.of("view", "edit", "admin")) {
            r.api.await(name + " has it no more", () -> !rules(name).contains(rule("doors")));
        }
        assertEquals(together(rules("system:aggregate-to-view"), rules("system:aggregated-metrics-reader")), rules("view"));
        assertEquals(0, r.room.health().failures());
    }

    @Test
    void rulesComeByNameEachOnceAndWhatWasWrittenByHandGoes() throws Exception {
        make("b", Obj.of("x", "true"), null, rule("two"), rule("one"));
        make("a", Obj.of("x", "true", "y", "true"), null, rule("one"));
        make("c", Obj.of("y", "true"), null, rule("three"), rule("one"));
        make("all", null, gathering("y", "x"), rule("mine"));
        shows("all", rule("one"), rule("three"), rule("two"));
        r.admin.patch(RoleAggregation.CLUSTER_ROLES, "", "all", "", Patch.MERGE, Obj.of("rules", List.of(rule("mine"))));
        shows("all", rule("one"), rule("three"), rule("two"));
        r.admin.patch(RoleAggregation.CLUSTER_ROLES, "", "all", "", Patch.MERGE, Obj.of("aggregationRule", gathering("x")));
        shows("all", rule("one"), rule("two"));
    }

    @Test
    void rolesThatGatherEachOtherEnd() throws Exception {
        make("left", Obj.of("x", "true"), gathering("x"));
        make("right", Obj.of("x", "true"), gathering("x"));
        make("leaf", Obj.of("x", "true"), null, rule("one"));
        shows("left", rule("one"));
        shows("right", rule("one"));
        r.admin.delete(RoleAggregation.CLUSTER_ROLES, "", "leaf");
        shows("left");
        shows("right");
    }

    @Test
    void aRoleWithoutAggregationIsUntouchedAndNothingIsWrittenTwice() throws Exception {
        make("plain", Obj.of("x", "true"), null, rule("one"));
        make("all", null, gathering("x"));
        shows("all", rule("one"));
        r.settled();
        List<String> before = versions();
        make("other", null, null, rule("two"));
        make("more", Obj.of("x", "true"), null, rule("one"));
        r.admin.delete(RoleAggregation.CLUSTER_ROLES, "", "plain");
        make("last", Obj.of("z", "true"), gathering("x"));
        shows("last", rule("one"));
        r.settled();
        HashSet<String> kept = new HashSet<>(before);
        kept.removeAll(versions());
        assertEquals(1, kept.size(), "only the deleted one changed: " + kept);
    }

    private List<String> versions() throws Exception {
        return r.admin.list(RoleAggregation.CLUSTER_ROLES, Selection.ALL).items().stream().map(o -> o.name() + " " + o.resourceVersion()).toList();
    }

    @Test
    void aSwapGoesOn() throws Exception {
        make("all", null, gathering("x"));
        make("one", Obj.of("x", "true"), null, rule("one"));
        shows("all", rule("one"));
        r.room.end();
        make("two", Obj.of("x", "true"), null, rule("two"));
        r.admin.delete(RoleAggregation.CLUSTER_ROLES, "", "one");
        assertEquals(List.of(rule("one")), rules("all"));
        r.room = new CoreControllers(r.api.clusters(), r.api.pki());
        r.room.begin(new byte[0]);
        shows("all", rule("two"));
    }
}
