package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Upstream's default roles and bindings, from {@code policy.txt}, and their reconciliation at start. */
public final class DefaultPolicy {

    private static final String GROUP = Policy.GROUP;
    private static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    /** Creates or replaces an object of the rbac group. */
    public interface Writer {
        void create(String resource, Obj object) throws ApiException;

        void update(String resource, Obj object) throws ApiException;
    }

    private DefaultPolicy() {
    }

    /** All objects, in the order in which they are made. */
    public static List<Obj> objects() {
        List<Obj> all = new ArrayList<>();
        try (InputStream in = DefaultPolicy.class.getResourceAsStream("/io/manul/apiserver/auth/policy.txt")) {
            Obj role = Obj.of();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                String[] words = line.strip().split("\\s+");
                switch (words[0]) {
                    case "", "#" -> { }
                    case "ClusterRole", "Role" -> all.add(role = role(words));
                    case "bind" -> all.add(binding(words));
                    case "aggregate" -> {
                        String[] label = words[1].split(":");
                        role.set(List.of(Obj.of("matchLabels", Obj.of(label[0], label[1]))), "aggregationRule", "clusterRoleSelectors");
                    }
                    default -> role.list("rules").add(rule(words).map());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        controllers(all);
        return all;
    }

    private static Obj object(String kind, String namespace, String name) {
        return Obj.of("apiVersion", GROUP + "/v1", "kind", kind, "metadata", Obj.of("name", name,
                "namespace", namespace.isEmpty() ? null : namespace, "labels", Obj.of("kubernetes.io/bootstrapping", "rbac-defaults"),
                "annotations", Obj.of(AUTOUPDATE, "true")));
    }

    private static Obj role(String[] words) {
        String[] name = words[1].contains("/") && words[0].equals("Role") ? words[1].split("/", 2) : new String[] {"", words[1]};
        Obj role = object(words[0], name[0], name[1]);
        for (String w : words) {
            if (w.startsWith("label=")) {
                for (String one : w.substring("label=".length()).split(",")) {
                    String[] label = one.split(":");
                    role.set(label[1], "metadata", "labels", label[0]);
                }
            }
        }
        role.put("rules", List.of());
        return role;
    }

    private static List<String> list(String words) {
        return Arrays.asList(words.split(","));
    }

    private static Obj rule(String[] words) {
        if (words[1].equals("url")) {
            return Obj.of("nonResourceURLs", list(words[2]), "verbs", list(words[0]));
        }
        List<String> groups = list(words[1]).stream().map(g -> g.equals("core") ? "" : g).toList();
        Obj rule = Obj.of("apiGroups", groups, "resources", list(words[2]), "verbs", list(words[0]));
        if (words.length > 3 && words[3].startsWith("names=")) {
            rule.put("resourceNames", list(words[3].substring("names=".length())));
        }
        return rule;
    }

    private static Obj binding(String[] words) {
        boolean cluster = words[1].equals("ClusterRole");
        int at = cluster ? 1 : 2;
        boolean named = words[at + 2].equals("as");
        Obj b = object(cluster ? "ClusterRoleBinding" : "RoleBinding", cluster ? "" : words[1], words[at + (named ? 3 : 1)]);
        b.put("roleRef", Obj.of("apiGroup", GROUP, "kind", words[at], "name", words[at + 1]));
        List<Obj> subjects = new ArrayList<>();
        for (int i = at + (named ? 5 : 3); i < words.length; i++) {
            String[] s = words[i].split(":", 2);
            subjects.add(s[0].equals("sa") ? serviceAccount(s[1]) : Obj.of("kind", s[0], "apiGroup", GROUP, "name", s[1]));
        }
        return b.put("subjects", subjects);
    }

    private static Obj serviceAccount(String path) {
        String[] s = path.split("/");
        return Obj.of("kind", "ServiceAccount", "name", s[1], "namespace", s[0]);
    }

    /** Each {@code system:controller:X} is bound to the service account kube-system/X. */
    private static void controllers(List<Obj> all) {
        for (Obj role : List.copyOf(all)) {
            String prefix = "system:controller:";
            if (role.kind().equals("ClusterRole") && role.name().startsWith(prefix)) {
                all.add(binding(("bind ClusterRole " + role.name() + " to sa:kube-system/" + role.name().substring(prefix.length())).split(" ")));
            }
        }
    }

    /** Makes what is missing and adds missing rules and subjects; what a person added stays, autoupdate=false is left alone. */
    public static void reconcile(Reader reader, Writer writer) throws ApiException {
        for (Obj wanted : objects()) {
            String resource = wanted.kind().toLowerCase(Locale.ROOT) + "s";
            Optional<Obj> there = reader.get(GROUP, resource, wanted.namespace(), wanted.name());
            if (there.isEmpty()) {
                writer.create(resource, wanted);
            } else if (!"false".equals(there.get().annotations().get(AUTOUPDATE)) && merge(there.get(), wanted)) {
                writer.update(resource, there.get());
            }
        }
    }

    private static boolean merge(Obj there, Obj wanted) {
        List<Rule> held = there.objects("rules").stream().map(Rule::of).toList();
        boolean changed = add(there, wanted, r -> !Rule.of(r).coveredBy(held), "rules");
        List<List<String>> subjects = there.objects("subjects").stream().map(DefaultPolicy::subject).toList();
        changed |= add(there, wanted, s -> !subjects.contains(subject(s)), "subjects");
        List<Obj> selectors = there.objects("aggregationRule", "clusterRoleSelectors");
        changed |= add(there, wanted, s -> !selectors.contains(s), "aggregationRule", "clusterRoleSelectors");
        for (Map.Entry<String, String> label : wanted.labels().entrySet()) {
            if (!there.labels().containsKey(label.getKey())) {
                there.set(label.getValue(), "metadata", "labels", label.getKey());
                changed = true;
            }
        }
        return changed;
    }

    private static boolean add(Obj there, Obj wanted, Predicate<Obj> missing, String... list) {
        List<Obj> more = wanted.objects(list).stream().filter(missing).toList();
        more.forEach(m -> there.list(list).add(m.map()));
        return !more.isEmpty();
    }

    /** What a subject says, whichever defaults are written out. */
    private static List<String> subject(Obj s) {
        return List.of(s.text("kind"), s.text("namespace"), s.text("name"));
    }
}
