package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.kinds.Defaults;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/** Defaults of a PodSpec (API reference, core/v1 PodSpec, Container, Volume, Probe). */
public final class PodDefaults {

    private static final int MODE_0644 = 420;

    private PodDefaults() {
    }

    public static void of(Obj spec) {
        Defaults.fill(spec, "restartPolicy", "Always", "terminationGracePeriodSeconds", 30, "dnsPolicy", "ClusterFirst",
                "schedulerName", "default-scheduler");
        if (!spec.has("securityContext")) {
            spec.put("securityContext", Obj.of());
        }
        serviceAccount(spec);
        containers(spec).forEach(c -> container(c, spec.flag("hostNetwork")));
        spec.objects("volumes").forEach(PodDefaults::volume);
        spec.objects("topologySpreadConstraints")
                .forEach(t -> Defaults.fill(t, "nodeAffinityPolicy", "Honor", "nodeTaintsPolicy", "Ignore"));
    }

    /** What only a Pod has, not a template. */
    static void ofPod(Obj pod) {
        Obj spec = pod.make("spec");
        of(spec);
        Defaults.fill(spec, "enableServiceLinks", true, "preemptionPolicy", "PreemptLowerPriority");
        containers(spec).forEach(PodDefaults::requestsFromLimits);
    }

    static List<Obj> containers(Obj spec) {
        List<Obj> all = new ArrayList<>(spec.objects("initContainers"));
        all.addAll(spec.objects("containers"));
        all.addAll(spec.objects("ephemeralContainers"));
        return all;
    }

    /** The old name of the field mirrors the new one. */
    private static void serviceAccount(Obj spec) {
        if (spec.has("serviceAccountName")) {
            spec.put("serviceAccount", spec.text("serviceAccountName"));
        } else if (!spec.text("serviceAccount").isEmpty()) {
            spec.put("serviceAccountName", spec.text("serviceAccount"));
        }
    }

    private static void container(Obj c, boolean hostNetwork) {
        Defaults.fill(c, "terminationMessagePath", "/dev/termination-log", "terminationMessagePolicy", "File",
                "imagePullPolicy", pullPolicy(c.text("image")));
        if (!c.has("resources")) {
            c.put("resources", Obj.of());
        }
        for (Obj port : c.objects("ports")) {
            Defaults.fill(port, "protocol", "TCP");
            if (hostNetwork && port.number("hostPort").orElse(0) == 0) {
                port.put("hostPort", port.get("containerPort"));
            }
        }
        for (Obj env : c.objects("env")) {
            env.object("valueFrom", "fieldRef").ifPresent(f -> Defaults.fill(f, "apiVersion", "v1"));
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            c.object(probe).ifPresent(PodDefaults::probe);
        }
        c.object("lifecycle", "postStart", "httpGet").ifPresent(PodDefaults::httpGet);
        c.object("lifecycle", "preStop", "httpGet").ifPresent(PodDefaults::httpGet);
    }

    private static void probe(Obj p) {
        for (String number : List.of("timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            if (p.number(number).orElse(0) == 0) {
                p.put(number, null); // zero is not set, as in upstream's types
            }
        }
        Defaults.fill(p, "timeoutSeconds", 1, "periodSeconds", 10, "successThreshold", 1, "failureThreshold", 3);
        p.object("httpGet").ifPresent(PodDefaults::httpGet);
        p.object("grpc").ifPresent(g -> Defaults.fill(g, "service", ""));
    }

    private static void httpGet(Obj h) {
        Defaults.fill(h, "path", "/", "scheme", "HTTP");
    }

    /** Always for the tag latest or none, else IfNotPresent. */
    static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        int colon = image.lastIndexOf(':');
        boolean tagged = colon > image.lastIndexOf('/');
        return !tagged || image.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void requestsFromLimits(Obj c) {
        c.object("resources", "limits").ifPresent(limits -> {
            Obj requests = c.make("resources", "requests");
            limits.map().forEach((name, amount) -> {
                if (!requests.has(name)) {
                    requests.put(name, amount);
                }
            });
        });
    }

    private static void volume(Obj v) {
        if (v.map().size() == 1 && v.has("name")) {
            v.put("emptyDir", Obj.of());
        }
        v.object("secret").ifPresent(s -> Defaults.fill(s, "defaultMode", MODE_0644));
        v.object("configMap").ifPresent(s -> Defaults.fill(s, "defaultMode", MODE_0644));
        v.object("downwardAPI").ifPresent(PodDefaults::downward);
        v.object("ephemeral", "volumeClaimTemplate", "spec").ifPresent(c -> Defaults.fill(c, "volumeMode", "Filesystem"));
        v.object("hostPath").ifPresent(h -> Defaults.fill(h, "type", ""));
        v.object("projected").ifPresent(p -> {
            Defaults.fill(p, "defaultMode", MODE_0644);
            for (Obj source : p.objects("sources")) {
                source.object("serviceAccountToken").ifPresent(t -> Defaults.fill(t, "expirationSeconds", 3600));
                source.object("downwardAPI").ifPresent(d -> items(d));
            }
        });
        v.object("ephemeral", "volumeClaimTemplate", "spec").ifPresent(s -> Defaults.fill(s, "volumeMode", "Filesystem"));
        v.object("iscsi").ifPresent(s -> Defaults.fill(s, "iscsiInterface", "default"));
    }

    private static void downward(Obj d) {
        Defaults.fill(d, "defaultMode", MODE_0644);
        items(d);
    }

    private static void items(Obj d) {
        d.objects("items").forEach(i -> i.object("fieldRef").ifPresent(f -> Defaults.fill(f, "apiVersion", "v1")));
    }
}
