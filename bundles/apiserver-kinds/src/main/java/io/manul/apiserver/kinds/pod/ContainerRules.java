package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Validation of one container (core/v1 Container): image, env, ports, mounts, probes, resources, lifecycle. */
final class ContainerRules {

    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> PULL = Set.of("Always", "IfNotPresent", "Never");
    private static final Set<String> SCHEMES = Set.of("HTTP", "HTTPS");
    private static final Set<String> FIELDS = Set.of("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
            "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs");

    private ContainerRules() {
    }

    static void check(Obj c, String path, Map<String, Obj> volumes, boolean init, FieldErrors e) {
        if (c.text("name").isEmpty()) {
            e.required(path + ".name", "");
        } else {
            Texts.label(c.text("name"), path + ".name", e);
        }
        String image = c.text("image");
        if (image.isEmpty()) {
            e.required(path + ".image", "");
        } else if (!image.equals(image.strip())) {
            e.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
        Texts.oneOf(c.text("imagePullPolicy"), path + ".imagePullPolicy", PULL, e);
        Texts.oneOf(c.text("terminationMessagePolicy"), path + ".terminationMessagePolicy", Set.of("File", "FallbackToLogsOnError"), e);
        ports(c.objects("ports"), path + ".ports", e);
        env(c.objects("env"), path + ".env", e);
        envFrom(c.objects("envFrom"), path + ".envFrom", e);
        mounts(c.objects("volumeMounts"), path + ".volumeMounts", volumes, e);
        resources(c.at("resources"), path + ".resources", e);
        boolean sidecar = c.text("restartPolicy").equals("Always");
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            c.object(probe).ifPresent(p -> {
                if (init && !sidecar) {
                    e.forbidden(path + "." + probe, "may not be set for init containers without restartPolicy=Always");
                } else {
                    probe(p, path + "." + probe, probe.equals("readinessProbe"), e);
                }
            });
        }
        c.object("lifecycle", "postStart").ifPresent(h -> handler(h, path + ".lifecycle.postStart", true, e));
        c.object("lifecycle", "preStop").ifPresent(h -> handler(h, path + ".lifecycle.preStop", true, e));
        security(c.at("securityContext"), path + ".securityContext", e);
    }

    private static void ports(List<Obj> ports, String path, FieldErrors e) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Obj p = ports.get(i);
            String at = path + "[" + i + "]";
            p.string("name").filter(n -> !n.isEmpty()).ifPresent(n -> {
                Texts.portName(n, at + ".name", e);
                if (!names.add(n)) {
                    e.duplicate(at + ".name", n);
                }
            });
            if (!p.has("containerPort")) {
                e.required(at + ".containerPort", "");
            } else {
                Texts.port(p.number("containerPort").orElse(0), at + ".containerPort", e);
            }
            p.number("hostPort").ifPresent(n -> {
                if (n != 0) {
                    Texts.port(n, at + ".hostPort", e);
                }
            });
            Texts.oneOf(p.text("protocol"), at + ".protocol", PROTOCOLS, e);
        }
    }

    private static void env(List<Obj> env, String path, FieldErrors e) {
        for (int i = 0; i < env.size(); i++) {
            Obj v = env.get(i);
            String at = path + "[" + i + "]";
            Texts.envName(v.text("name"), at + ".name", e);
            Optional<Obj> from = v.object("valueFrom");
            if (from.isEmpty()) {
                continue;
            }
            if (!v.text("value").isEmpty()) {
                e.invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty");
            }
            int sources = from.get().map().size();
            if (sources == 0) {
                e.invalid(at + ".valueFrom", "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
            } else if (sources > 1) {
                e.invalid(at + ".valueFrom", "", "may not have more than one field specified at a time");
            }
            from.get().object("fieldRef").ifPresent(f -> fieldRef(f, at + ".valueFrom.fieldRef", e));
            from.get().object("configMapKeyRef").ifPresent(r -> key(r, at + ".valueFrom.configMapKeyRef", e));
            from.get().object("secretKeyRef").ifPresent(r -> key(r, at + ".valueFrom.secretKeyRef", e));
        }
    }

    private static void fieldRef(Obj f, String at, FieldErrors e) {
        String field = f.text("fieldPath");
        if (field.isEmpty()) {
            e.required(at + ".fieldPath", "");
        } else if (!FIELDS.contains(field) && !field.matches("metadata\\.(labels|annotations)\\['.+'\\]")) {
            if (field.matches("(metadata|spec|status)\\..*")) {
                e.notSupported(at + ".fieldPath", field, FIELDS);
            } else {
                e.invalid(at + ".fieldPath", field, "error converting fieldPath: field label not supported: " + field);
            }
        }
    }

    private static void key(Obj ref, String at, FieldErrors e) {
        if (ref.text("name").isEmpty()) {
            e.required(at + ".name", "");
        }
        if (ref.text("key").isEmpty()) {
            e.required(at + ".key", "");
        } else {
            Texts.configKey(ref.text("key"), at + ".key", e);
        }
    }

    private static void envFrom(List<Obj> sources, String path, FieldErrors e) {
        for (int i = 0; i < sources.size(); i++) {
            Obj s = sources.get(i);
            String at = path + "[" + i + "]";
            if (s.has("configMapRef") == s.has("secretRef")) {
                e.invalid(at, "", s.has("secretRef") ? "may not have more than one field specified at a time"
                        : "must specify one of: `configMapRef` or `secretRef`");
            }
            for (String ref : List.of("configMapRef", "secretRef")) {
                s.object(ref).filter(r -> r.text("name").isEmpty()).ifPresent(r -> e.required(at + "." + ref + ".name", ""));
            }
        }
    }

    private static void mounts(List<Obj> mounts, String path, Map<String, Obj> volumes, FieldErrors e) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            Obj m = mounts.get(i);
            String at = path + "[" + i + "]";
            if (m.text("name").isEmpty()) {
                e.required(at + ".name", "");
            } else if (!volumes.containsKey(m.text("name"))) {
                e.notFound(at + ".name", m.text("name"));
            }
            if (m.text("mountPath").isEmpty()) {
                e.required(at + ".mountPath", "");
            } else if (!paths.add(m.text("mountPath"))) {
                e.invalid(at + ".mountPath", m.text("mountPath"), "must be unique");
            }
            if (!m.text("subPath").isEmpty()) {
                VolumeRules.relative(m.text("subPath"), at + ".subPath", e);
            }
            Texts.oneOf(m.text("mountPropagation"), at + ".mountPropagation", Set.of("None", "HostToContainer", "Bidirectional"), e);
        }
    }

    static void resources(Obj resources, String path, FieldErrors e) {
        for (String list : List.of("limits", "requests")) {
            resources.at(list).map().forEach((name, amount) -> {
                Optional<BigDecimal> q = Quantity.parse(String.valueOf(amount));
                if (q.isEmpty()) {
                    e.invalid(path + "." + list + "[" + name + "]", amount,
                            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                } else if (q.get().signum() < 0) {
                    e.invalid(path + "." + list + "[" + name + "]", amount, "must be greater than or equal to 0");
                }
            });
        }
        resources.at("requests").map().forEach((name, amount) -> {
            Object limit = resources.get("limits", name);
            Optional<BigDecimal> request = Quantity.parse(String.valueOf(amount));
            Optional<BigDecimal> most = limit == null ? Optional.empty() : Quantity.parse(String.valueOf(limit));
            if (request.isPresent() && most.isPresent() && request.get().compareTo(most.get()) > 0) {
                e.invalid(path + ".requests", amount, "must be less than or equal to " + name + " limit of " + limit);
            }
        });
    }

    private static void probe(Obj p, String path, boolean readiness, FieldErrors e) {
        handler(p, path, false, e);
        for (String n : List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            p.number(n).ifPresent(v -> Texts.notNegative(v, path + "." + n, e));
        }
        if (!readiness && p.number("successThreshold").orElse(1) != 1) {
            e.invalid(path + ".successThreshold", p.get("successThreshold"), "must be 1");
        }
        if (readiness && p.has("terminationGracePeriodSeconds")) {
            e.invalid(path + ".terminationGracePeriodSeconds", p.get("terminationGracePeriodSeconds"), "must not be set for readinessProbes");
        }
    }

    private static void handler(Obj h, String path, boolean lifecycle, FieldErrors e) {
        long kinds = List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep").stream().filter(h::has).count();
        if (kinds == 0) {
            e.required(path, "must specify a handler type");
        } else if (kinds > 1) {
            e.forbidden(path, "may not specify more than 1 handler type");
        }
        h.object("exec").filter(x -> x.strings("command").isEmpty()).ifPresent(x -> e.required(path + ".exec.command", ""));
        h.object("httpGet").ifPresent(g -> {
            if (g.text("path").isEmpty()) {
                e.required(path + ".httpGet.path", "");
            }
            Texts.oneOf(g.text("scheme"), path + ".httpGet.scheme", SCHEMES, e);
            portRef(g, path + ".httpGet.port", e);
        });
        h.object("tcpSocket").ifPresent(t -> portRef(t, path + ".tcpSocket.port", e));
        h.object("grpc").ifPresent(g -> Texts.port(g.number("port").orElse(0), path + ".grpc.port", e));
        if (lifecycle) {
            h.object("sleep").ifPresent(s -> Texts.notNegative(s.number("seconds").orElse(0), path + ".sleep.seconds", e));
        }
    }

    private static void portRef(Obj o, String path, FieldErrors e) {
        switch (o.get("port")) {
            case Long n -> Texts.port(n, path, e);
            case String s -> Texts.portName(s, path, e);
            case null, default -> e.required(path, "");
        }
    }

    private static void security(Obj s, String path, FieldErrors e) {
        s.number("runAsUser").ifPresent(n -> Texts.notNegative(n, path + ".runAsUser", e));
        s.number("runAsGroup").ifPresent(n -> Texts.notNegative(n, path + ".runAsGroup", e));
        if (Boolean.FALSE.equals(s.get("allowPrivilegeEscalation"))) {
            if (s.flag("privileged")) {
                e.invalid(path, s.map(), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (s.strings("capabilities", "add").contains("CAP_SYS_ADMIN")) {
                e.invalid(path, s.map(), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        s.object("seccompProfile").ifPresent(p -> {
            Texts.oneOf(p.text("type"), path + ".seccompProfile.type", Set.of("Localhost", "RuntimeDefault", "Unconfined"), e);
            if (p.text("type").equals("Localhost") == p.text("localhostProfile").isEmpty()) {
                if (p.text("localhostProfile").isEmpty()) {
                    e.required(path + ".seccompProfile.localhostProfile", "must be set when seccomp type is Localhost");
                } else {
                    e.invalid(path + ".seccompProfile.localhostProfile", p.text("localhostProfile"), "can only be set when seccomp type is Localhost");
                }
            }
        });
    }
}
