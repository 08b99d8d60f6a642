package io.manul.apiserver.kinds;

import io.manul.apiserver.kinds.apps.DeploymentStrategy;
import io.manul.apiserver.kinds.apps.ReplicaSetStrategy;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.kinds.batch.JobStrategy;
import io.manul.apiserver.kinds.certificates.SigningRequestStrategy;
import io.manul.apiserver.kinds.core.ConfigMapStrategy;
import io.manul.apiserver.kinds.core.NamespaceStrategy;
import io.manul.apiserver.kinds.core.SecretStrategy;
import io.manul.apiserver.kinds.event.EventStrategy;
import io.manul.apiserver.kinds.misc.MiscDefaults;
import io.manul.apiserver.kinds.node.LeaseStrategy;
import io.manul.apiserver.kinds.node.NodeStrategy;
import io.manul.apiserver.kinds.pod.PodDefaults;
import io.manul.apiserver.kinds.pod.PodStrategy;
import io.manul.apiserver.kinds.rbac.BindingStrategy;
import io.manul.apiserver.kinds.rbac.RbacRules;
import io.manul.apiserver.kinds.service.ServiceStrategy;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategies;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The strategy of every built-in resource. */
public final class KindStrategies implements Strategies {

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final Strategy NONE = new Plain().cells(new Cells());
    private final Map<String, Strategy> all = new HashMap<>();

    public KindStrategies() {
        core();
        apps();
        batch();
        rest();
    }

    private void core() {
        put("", "pods", new PodStrategy());
        put("", "podtemplates", new Plain().defaults(o -> PodDefaults.of(o.make("template", "spec"))).noGeneration());
        put("", "services", new ServiceStrategy());
        put("", "namespaces", new NamespaceStrategy());
        put("", "nodes", new NodeStrategy());
        put("", "configmaps", new ConfigMapStrategy());
        put("", "secrets", new SecretStrategy());
        put("", "serviceaccounts", new Plain().noGeneration()
                .cells(new Cells().number("Secrets", s -> (long) s.objects("secrets").size()).age()));
        put("", "events", new EventStrategy());
        put("events.k8s.io", "events", new EventStrategy());
        put("", "endpoints", new Plain().noGeneration().creatable().defaults(MiscDefaults::endpoints)
                .cells(new Cells().text("Endpoints", KindStrategies::endpoints).age()));
        put("", "persistentvolumes", new Plain().defaults(MiscDefaults::persistentVolume).noGeneration().cells(new Cells()
                .text("Capacity", v -> v.text("spec", "capacity", "storage")).text("Access Modes", v -> String.join(",", v.strings("spec", "accessModes")))
                .text("Reclaim Policy", v -> v.text("spec", "persistentVolumeReclaimPolicy")).text("Status", v -> v.text("status", "phase"))
                .text("Claim", v -> v.has("spec", "claimRef") ? v.text("spec", "claimRef", "namespace") + "/" + v.text("spec", "claimRef", "name") : "")
                .text("StorageClass", v -> v.text("spec", "storageClassName")).age()));
        put("", "persistentvolumeclaims", new Plain().defaults(MiscDefaults::persistentVolumeClaim).noGeneration().cells(new Cells()
                .text("Status", v -> v.text("status", "phase")).text("Volume", v -> v.text("spec", "volumeName"))
                .text("Capacity", v -> v.text("status", "capacity", "storage")).text("Access Modes", v -> String.join(",", v.strings("status", "accessModes")))
                .text("StorageClass", v -> v.text("spec", "storageClassName")).age()));
        put("", "replicationcontrollers", new Plain().defaults(KindStrategies::replicationController).cells(new Cells()
                .number("Desired", Cells.count("spec", "replicas")).number("Current", Cells.count("status", "replicas"))
                .number("Ready", Cells.count("status", "readyReplicas")).age().template("spec", "selector")));
    }

    private void apps() {
        put("apps", "deployments", new DeploymentStrategy());
        put("apps", "replicasets", new ReplicaSetStrategy());
        put("apps", "statefulsets", new Plain().defaults(KindStrategies::statefulSet).rules((o, e) -> TemplateRules.check(o.at("spec"), e))
                .cells(new Cells().text("Ready", s -> s.number("status", "readyReplicas").orElse(0) + "/" + s.number("spec", "replicas").orElse(0)).age()
                        .wide("Containers", s -> Cells.join(s.objects("spec", "template", "spec", "containers"), "name"))
                        .wide("Images", s -> Cells.join(s.objects("spec", "template", "spec", "containers"), "image"))));
        put("apps", "daemonsets", new Plain().defaults(KindStrategies::daemonSet).rules((o, e) -> TemplateRules.check(o.at("spec"), e))
                .cells(new Cells().number("Desired", Cells.count("status", "desiredNumberScheduled"))
                        .number("Current", Cells.count("status", "currentNumberScheduled")).number("Ready", Cells.count("status", "numberReady"))
                        .number("Up-to-date", Cells.count("status", "updatedNumberScheduled"))
                        .number("Available", Cells.count("status", "numberAvailable"))
                        .text("Node Selector", d -> Cells.selector(d.at("spec", "template", "spec", "nodeSelector"))).age().template("spec", "selector")));
        put("apps", "controllerrevisions", new Plain().noGeneration().cells(new Cells()
                .text("Controller", r -> r.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller"))
                        .map(o -> o.text("kind") + "/" + o.text("name")).findFirst().orElse("<none>"))
                .number("Revision", r -> r.number("revision").orElse(0)).age()));
    }

    private void batch() {
        put("batch", "jobs", new JobStrategy());
        put("batch", "cronjobs", new Plain().defaults(o -> {
            MiscDefaults.cronJob(o);
            JobStrategy.spec(o.make("spec", "jobTemplate", "spec"));
            PodDefaults.of(o.make("spec", "jobTemplate", "spec", "template", "spec"));
        }).rules((o, e) -> Texts.oneOf(o.text("spec", "concurrencyPolicy"), "spec.concurrencyPolicy", Set.of("Allow", "Forbid", "Replace"), e))
                .cells(new Cells().text("Schedule", c -> c.text("spec", "schedule")).text("Timezone", c -> Cells.or(c.text("spec", "timeZone"), "<none>"))
                        .text("Suspend", c -> c.flag("spec", "suspend") ? "True" : "False")
                        .number("Active", c -> (long) c.objects("status", "active").size())
                        .with("Last Schedule", 0, r -> r.object().has("status", "lastScheduleTime") ? Age.of(r.object().text("status", "lastScheduleTime"), r.now()) : "<none>").age()));
    }

    private void rest() {
        put("coordination.k8s.io", "leases", new LeaseStrategy());
        put("discovery.k8s.io", "endpointslices", new Plain().defaults(MiscDefaults::endpointSlice).rules(KindStrategies::endpointSlice)
                .cells(new Cells().text("AddressType", s -> s.text("addressType"))
                        .text("Ports", s -> Cells.or(Cells.join(ports(s), "port"), "<unset>"))
                        .text("Endpoints", s -> Cells.or(s.objects("endpoints").stream().flatMap(x -> x.strings("addresses").stream())
                                .limit(3).reduce((a, b) -> a + "," + b).orElse(""), "<unset>")).age()));
        put(RBAC, "roles", new Plain().noGeneration().creatable().rules((o, e) -> RbacRules.role(o, false, e)).cells(createdAt()));
        put(RBAC, "clusterroles", new Plain().noGeneration().creatable().rules((o, e) -> RbacRules.role(o, true, e)).cells(createdAt()));
        put(RBAC, "rolebindings", new BindingStrategy(false));
        put(RBAC, "clusterrolebindings", new BindingStrategy(true));
        put("networking.k8s.io", "networkpolicies", new Plain().defaults(MiscDefaults::networkPolicy)
                .cells(new Cells().text("Pod-Selector", p -> Cells.selector(p.at("spec", "podSelector"))).age()));
        put("networking.k8s.io", "ingresses", new Plain().cells(new Cells().text("Class", i -> Cells.or(i.text("spec", "ingressClassName"), "<none>"))
                .text("Hosts", i -> Cells.or(i.objects("spec", "rules").stream().map(r -> Cells.or(r.text("host"), "*")).distinct()
                        .reduce((a, b) -> a + "," + b).orElse(""), "*"))
                .text("Address", i -> Cells.join(i.objects("status", "loadBalancer", "ingress"), "ip"))
                .text("Ports", i -> i.objects("spec", "tls").isEmpty() ? "80" : "80, 443").age()));
        put("networking.k8s.io", "ingressclasses", new Plain().cells(new Cells().text("Controller", i -> i.text("spec", "controller"))
                .text("Parameters", i -> i.has("spec", "parameters") ? i.text("spec", "parameters", "kind") + "/" + i.text("spec", "parameters", "name") : "<none>").age()));
        put("storage.k8s.io", "storageclasses", new Plain().defaults(MiscDefaults::storageClass).noGeneration().cells(new Cells()
                .text("Provisioner", s -> s.text("provisioner")).text("ReclaimPolicy", s -> s.text("reclaimPolicy"))
                .text("VolumeBindingMode", s -> s.text("volumeBindingMode"))
                .text("AllowVolumeExpansion", s -> Boolean.toString(s.flag("allowVolumeExpansion"))).age()));
        put("storage.k8s.io", "csidrivers", new Plain().defaults(MiscDefaults::csiDriver));
        put("certificates.k8s.io", "certificatesigningrequests", new SigningRequestStrategy());
        put("autoscaling", "horizontalpodautoscalers", new Plain().defaults(MiscDefaults::autoscaler));
        put("scheduling.k8s.io", "priorityclasses", new Plain().defaults(MiscDefaults::priorityClass).cells(new Cells()
                .number("Value", p -> p.number("value").orElse(0)).text("Global-Default", p -> Boolean.toString(p.flag("globalDefault"))).age()
                .text("PreemptionPolicy", p -> p.text("preemptionPolicy"))));
        put("policy", "poddisruptionbudgets", new Plain().cells(new Cells().text("Min Available", p -> share(p.get("spec", "minAvailable")))
                .text("Max Unavailable", p -> share(p.get("spec", "maxUnavailable")))
                .number("Allowed Disruptions", Cells.count("status", "disruptionsAllowed")).age()));
    }

    private static Cells createdAt() {
        return new Cells().text("Created At", r -> r.text("metadata", "creationTimestamp"));
    }

    private static Object share(Object value) {
        return value == null ? "N/A" : String.valueOf(value);
    }

    private static java.util.List<Obj> ports(Obj slice) {
        return slice.objects("ports").stream().map(p -> Obj.of("port", String.valueOf(p.number("port").orElse(0)))).toList();
    }

    private static Object endpoints(Obj e) {
        java.util.List<String> all = new java.util.ArrayList<>();
        e.objects("subsets").forEach(s -> s.objects("addresses").forEach(a -> {
            s.objects("ports").forEach(p -> all.add(a.text("ip") + ":" + p.number("port").orElse(0)));
            if (s.objects("ports").isEmpty()) {
                all.add(a.text("ip")); // a headless Service without ports
            }
        }));
        if (all.isEmpty()) {
            return "<none>";
        }
        String shown = String.join(",", all.subList(0, Math.min(3, all.size())));
        return all.size() > 3 ? shown + " + " + (all.size() - 3) + " more..." : shown;
    }

    private static void endpointSlice(Obj slice, FieldErrors e) {
        if (slice.text("addressType").isEmpty()) {
            e.required("addressType", "");
        }
        Texts.oneOf(slice.text("addressType"), "addressType", Set.of("IPv4", "IPv6", "FQDN"), e);
        if (slice.objects("endpoints").size() > 1000) {
            e.tooMany("endpoints", slice.objects("endpoints").size(), 1000);
        }
        if (slice.objects("ports").size() > 20000) {
            e.tooMany("ports", slice.objects("ports").size(), 20000);
        }
        java.util.List<Obj> all = slice.objects("endpoints");
        for (int i = 0; i < all.size(); i++) {
            java.util.List<String> addresses = all.get(i).strings("addresses");
            if (addresses.isEmpty()) {
                e.required("endpoints[" + i + "].addresses", "must contain at least 1 address");
            }
            if (addresses.size() > 100) {
                e.tooMany("endpoints[" + i + "].addresses", addresses.size(), 100);
            }
            for (int j = 0; j < addresses.size(); j++) {
                if (slice.text("addressType").equals("IPv4") && !Texts.isIpv4(addresses.get(j))) {
                    e.invalid("endpoints[" + i + "].addresses[" + j + "]", addresses.get(j), "must be a valid IPv4 address");
                }
            }
        }
    }

    private static void replicationController(Obj o) {
        Obj spec = o.make("spec");
        Defaults.fill(spec, "replicas", 1);
        Obj labels = spec.at("template", "metadata", "labels");
        if (spec.has("template")) {
            TemplateRules.defaults(o);
            if (!labels.isEmpty() && spec.at("selector").isEmpty()) {
                spec.put("selector", labels.copy());
            }
        }
    }

    private static void statefulSet(Obj o) {
        TemplateRules.defaults(o);
        Obj spec = o.make("spec");
        Defaults.fill(spec, "podManagementPolicy", "OrderedReady", "replicas", 1, "revisionHistoryLimit", 10);
        Defaults.fill(spec.make("persistentVolumeClaimRetentionPolicy"), "whenDeleted", "Retain", "whenScaled", "Retain");
        Defaults.fill(spec.make("updateStrategy"), "type", "RollingUpdate");
        if (spec.text("updateStrategy", "type").equals("RollingUpdate")) {
            Defaults.fill(spec.make("updateStrategy", "rollingUpdate"), "partition", 0);
        }
        spec.objects("volumeClaimTemplates").forEach(MiscDefaults::persistentVolumeClaim);
    }

    private static void daemonSet(Obj o) {
        TemplateRules.defaults(o);
        Obj spec = o.make("spec");
        Defaults.fill(spec, "revisionHistoryLimit", 10);
        Defaults.fill(spec.make("updateStrategy"), "type", "RollingUpdate");
        if (spec.text("updateStrategy", "type").equals("RollingUpdate")) {
            Defaults.fill(spec.make("updateStrategy", "rollingUpdate"), "maxUnavailable", 1, "maxSurge", 0);
        }
    }

    private void put(String group, String resource, Strategy strategy) {
        all.put(group + "/" + resource, strategy);
    }

    @Override
    public Strategy of(String group, String resource) {
        return all.getOrDefault(group + "/" + resource, NONE);
    }

    /** Every resource with rules of its own, for tests and documents. */
    public Map<String, Strategy> all() {
        return Collections.unmodifiableMap(new TreeMap<>(all));
    }
}
