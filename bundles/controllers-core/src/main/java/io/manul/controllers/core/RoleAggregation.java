package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes into a ClusterRole with an {@code aggregationRule} the rules of the roles that it selects, by name, each rule once
 * (Kubernetes, "Using RBAC Authorization", Aggregated ClusterRoles). A selected role that aggregates in turn counts by what it
 * selects, as authorization counts it, not by what was written into it: one pass is enough, and circles end.
 */
final class RoleAggregation implements Reconciler {

    static final Resource CLUSTER_ROLES = new Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);

    private static final List<String> PARTS = List.of("apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs");

    private final Cluster cluster;
    private final Informer roles;

    private RoleAggregation(Cluster cluster, Informer roles) {
        this.cluster = cluster;
        this.roles = roles;
    }

    /** Any change may concern any aggregated role, and there are few of them: all come up. */
    static Controller controller(Cluster cluster) {
        Informer roles = cluster.informer(CLUSTER_ROLES, Selection.ALL);
        Controller c = new Controller("clusterrole-aggregation", new RoleAggregation(cluster, roles), List.of(roles));
        Set<Key> aggregated = ConcurrentHashMap.newKeySet();
        roles.listen(change -> {
            Key key = Key.of(change.object());
            if (change.kind() != Informer.Kind.DELETED && change.object().has("aggregationRule")) {
                aggregated.add(key);
            } else {
                aggregated.remove(key);
            }
            aggregated.forEach(c.queue()::add);
        });
        return c;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> role = roles.get(key).filter(r -> r.has("aggregationRule") && !r.deleting());
        if (role.isPresent()) {
            List<Obj> rules = gathered(role.get());
            if (!rules.equals(role.get().objects("rules").stream().map(RoleAggregation::plain).toList())) {
                write(role.get(), rules);
            }
        }
        return Outcome.SETTLED;
    }

    /** The very role that was judged: one that no longer aggregates keeps what it has. */
    private void write(Obj role, List<Obj> rules) throws ClusterException, InterruptedException {
        cluster.patch(CLUSTER_ROLES, "", role.name(), "", Patch.MERGE, Obj.of(
                "metadata", Obj.of("uid", role.uid(), "resourceVersion", role.resourceVersion()), "rules", rules));
    }

    private List<Obj> gathered(Obj role) {
        List<Obj> all = new ArrayList<>(roles.list());
        all.sort(Comparator.comparing(Obj::name));
        List<Obj> rules = new ArrayList<>();
        gather(role, all, rules, new HashSet<>());
        return rules;
    }

    /** @param seen names of the roles taken in */
    private static void gather(Obj role, List<Obj> all, List<Obj> rules, Set<String> seen) {
        if (!seen.add(role.name())) {
            return;
        }
        if (!role.has("aggregationRule")) {
            role.objects("rules").stream().map(RoleAggregation::plain).filter(r -> !rules.contains(r)).forEach(rules::add);
            return;
        }
        for (Obj selector : role.objects("aggregationRule", "clusterRoleSelectors")) {
            Selector s = Selector.of(selector);
            all.stream().filter(r -> s.matches(r.labels())).forEach(r -> gather(r, all, rules, seen));
        }
    }

    /** A rule without its empty lists, which say nothing. */
    private static Obj plain(Obj rule) {
        Obj plain = Obj.of();
        for (String part : PARTS) {
            List<String> values = rule.strings(part);
            plain.put(part, values.isEmpty() ? null : values);
        }
        return plain;
    }
}
