package io.manul.helm.template;

import io.manul.helm.template.functions.Paths;
import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Yaml;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Splits rendered files into objects, tells hooks from manifests, and sorts both by kind. A pure function. */
public final class Manifests {

    /** The order in which kinds are installed; others follow by name. */
    public static final List<String> INSTALL_ORDER = List.of("PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange",
            "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass",
            "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
            "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
            "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass",
            "Ingress", "APIService");
    private static final Set<String> EVENTS = Set.of("pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade",
            "pre-rollback", "post-rollback", "test");
    private static final Pattern SEPARATOR = Pattern.compile("(?:^|[\\t\\n\\f\\r ]*\\n)---[\\t\\n\\f\\r ]*");

    private final List<Hook> hooks = new ArrayList<>();
    private final List<Manifest> manifests = new ArrayList<>();

    private Manifests() {
    }

    /** @param files rendered templates by name, without notes */
    public static Rendered sort(Map<String, String> files, String notes) throws ChartException {
        Manifests m = new Manifests();
        for (Map.Entry<String, String> e : new TreeMap<>(files).entrySet()) {
            if (!Paths.base(e.getKey()).startsWith("_") && !Text.trim(e.getValue()).isEmpty()) {
                for (String document : split(e.getValue())) {
                    m.add(e.getKey(), document);
                }
            }
        }
        m.hooks.sort(byKind(Hook::kind));
        m.manifests.sort(byKind(Manifest::kind));
        return new Rendered(List.copyOf(m.hooks), List.copyOf(m.manifests), notes);
    }

    /** The documents of a file, or of a release's manifest. */
    public static List<String> split(String text) {
        List<String> out = new ArrayList<>();
        String trimmed = Text.trim(text);
        java.util.regex.Matcher m = SEPARATOR.matcher(trimmed);
        int at = 0;
        while (m.find()) {
            if (m.start() > at) {
                out.add(Text.trim(trimmed.substring(at, m.start())));
            }
            at = m.end();
        }
        if (at < trimmed.length()) {
            out.add(Text.trim(trimmed.substring(at)));
        }
        return out;
    }

    /** Known kinds in install order, then the others by name. */
    public static <T> Comparator<T> byKind(java.util.function.Function<T, String> kind) {
        return (a, b) -> {
            int x = INSTALL_ORDER.indexOf(kind.apply(a));
            int y = INSTALL_ORDER.indexOf(kind.apply(b));
            if (x < 0 && y < 0) {
                return kind.apply(a).compareTo(kind.apply(b));
            }
            return x < 0 ? 1 : y < 0 ? -1 : Integer.compare(x, y);
        };
    }

    private void add(String file, String document) throws ChartException {
        Head head;
        try {
            head = Head.read(document);
        } catch (GoError e) {
            throw new ChartException("YAML parse error on " + file + ": " + e.getMessage());
        }
        String events = head.annotations.get("helm.sh/hook");
        if (events == null) {
            manifests.add(new Manifest(file, head.kind, head.apiVersion, head.name, document));
            return;
        }
        List<String> known = new ArrayList<>();
        for (String event : events.split(",")) {
            String e = event.strip().toLowerCase(Locale.ROOT);
            e = e.equals("test-success") ? "test" : e;
            if (!EVENTS.contains(e)) {
                return;
            }
            known.add(e);
        }
        hooks.add(new Hook(head.name, head.kind, file, document, known, weight(head.annotations.get("helm.sh/hook-weight")),
                words(head.annotations.get("helm.sh/hook-delete-policy")), words(head.annotations.get("helm.sh/hook-output-log-policy"))));
    }

    private static int weight(String text) {
        return text != null && text.matches("[-+]?[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : java.util.Arrays.stream(text.split(",", -1)).map(w -> w.strip().toLowerCase(Locale.ROOT)).toList();
    }

    /** What Helm reads of an object. */
    private record Head(String apiVersion, String kind, String name, Map<String, String> annotations) {

        static Head read(String document) {
            Map<String, Object> m = object(Yaml.parse(document), "releaseutil.SimpleHead", "");
            Map<String, Object> meta = m.get("metadata") == null ? Map.of() : object(m.get("metadata"), "struct { Name string \"json:\\\"name\\\"\"; "
                    + "Annotations map[string]string \"json:\\\"annotations\\\"\" }", "SimpleHead.metadata");
            Map<String, String> annotations = new TreeMap<>();
            if (meta.get("annotations") != null) {
                object(meta.get("annotations"), "map[string]string", "SimpleHead.metadata.annotations")
                        .forEach((k, v) -> annotations.put(k, text(v, "SimpleHead.metadata.annotations")));
            }
            return new Head(text(m.get("apiVersion"), "SimpleHead.apiVersion"), text(m.get("kind"), "SimpleHead.kind"),
                    text(meta.get("name"), "SimpleHead.metadata.name"), annotations);
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> object(Object value, String type, String field) {
            return switch (value) {
                case null -> Map.of();
                case Map<?, ?> m -> (Map<String, Object>) m;
                default -> throw wrong(value, field, type);
            };
        }

        private static GoError wrong(Object value, String field, String type) {
            return new GoError("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " + Yaml.json(value) + " into Go "
                    + (field.isEmpty() ? "value" : "struct field " + field) + " of type " + type);
        }

        private static String text(Object value, String field) {
            return switch (value) {
                case null -> "";
                case String s -> s;
                case Boolean b -> b.toString();
                case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 -> Long.toString((long) (double) d);
                case Double d -> Floats.format(Double.parseDouble(Float.toString((float) (double) d)), 'g', -1);
                default -> throw wrong(value, field, "string");
            };
        }
    }
}
