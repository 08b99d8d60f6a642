package io.manul.apiserver.kinds.rbac;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules of rbac.authorization.k8s.io/v1. */
public final class RbacRules {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacRules() {
    }

    public static void role(Obj role, boolean cluster, FieldErrors e) {
        List<Obj> rules = role.objects("rules");
        for (int i = 0; i < rules.size(); i++) {
            Obj r = rules.get(i);
            String at = "rules[" + i + "]";
            if (r.strings("verbs").isEmpty()) {
                e.required(at + ".verbs", "verbs must contain at least one value");
            }
            boolean paths = !r.strings("nonResourceURLs").isEmpty();
            if (paths) {
                if (!cluster) {
                    e.invalid(at + ".nonResourceURLs", r.strings("nonResourceURLs"), "namespaced rules cannot apply to non-resource URLs");
                }
                if (!r.strings("apiGroups").isEmpty() || !r.strings("resources").isEmpty() || !r.strings("resourceNames").isEmpty()) {
                    e.invalid(at + ".nonResourceURLs", r.strings("nonResourceURLs"), "rules cannot apply to both regular resources and non-resource URLs");
                }
                continue;
            }
            if (r.get("apiGroups") == null || r.strings("apiGroups").isEmpty()) {
                e.required(at + ".apiGroups", "resource rules must supply at least one api group");
            }
            if (r.strings("resources").isEmpty()) {
                e.required(at + ".resources", "resource rules must supply at least one resource");
            }
        }
    }

    public static void bindingDefaults(Obj binding) {
        if (binding.has("roleRef")) {
            Defaults.fill(binding.at("roleRef"), "apiGroup", GROUP);
        }
        for (Obj s : binding.objects("subjects")) {
            if (!s.has("apiGroup") && (s.text("kind").equals("User") || s.text("kind").equals("Group"))) {
                s.put("apiGroup", GROUP);
            }
        }
    }

    public static void binding(Obj b, boolean cluster, FieldErrors e) {
        Set<String> kinds = cluster ? Set.of("ClusterRole") : Set.of("Role", "ClusterRole");
        Obj ref = b.at("roleRef");
        if (!ref.text("apiGroup").equals(GROUP)) {
            e.notSupported("roleRef.apiGroup", ref.text("apiGroup"), List.of(GROUP));
        }
        if (!kinds.contains(ref.text("kind"))) {
            e.notSupported("roleRef.kind", ref.text("kind"), kinds);
        }
        if (ref.text("name").isEmpty()) {
            e.required("roleRef.name", "");
        }
        List<Obj> subjects = b.objects("subjects");
        for (int i = 0; i < subjects.size(); i++) {
            Obj s = subjects.get(i);
            String at = "subjects[" + i + "]";
            if (s.text("name").isEmpty()) {
                e.required(at + ".name", "");
            }
            switch (s.text("kind")) {
                case "ServiceAccount" -> {
                    if (s.text("namespace").isEmpty() && cluster) {
                        e.required(at + ".namespace", "");
                    }
                    if (!s.text("apiGroup").isEmpty()) {
                        e.notSupported(at + ".apiGroup", s.text("apiGroup"), List.of(""));
                    }
                }
                case "User", "Group" -> {
                    if (!s.text("apiGroup").equals(GROUP)) {
                        e.notSupported(at + ".apiGroup", s.text("apiGroup"), List.of(GROUP));
                    }
                }
                default -> e.notSupported(at + ".kind", s.text("kind"), List.of("ServiceAccount", "User", "Group"));
            }
        }
    }

    public static final Cells BINDING = new Cells().text("Role", b -> b.text("roleRef", "kind") + "/" + b.text("roleRef", "name")).age()
            .wide("Users", b -> subjects(b, "User")).wide("Groups", b -> subjects(b, "Group"))
            .wide("ServiceAccounts", b -> subjects(b, "ServiceAccount"));

    private static String subjects(Obj b, String kind) {
        return b.objects("subjects").stream().filter(s -> s.text("kind").equals(kind))
                .map(s -> kind.equals("ServiceAccount") ? s.text("namespace") + "/" + s.text("name") : s.text("name"))
                .collect(Collectors.joining(", "));
    }
}
