package io.manul.apiserver.kinds;

import io.manul.apiserver.kinds.apps.ControllerRevisionStrategy;
import io.manul.apiserver.kinds.apps.DaemonSetStrategy;
import io.manul.apiserver.kinds.apps.DeploymentStrategy;
import io.manul.apiserver.kinds.apps.ReplicaSetStrategy;
import io.manul.apiserver.kinds.autoscaling.AutoscalerStrategy;
import io.manul.apiserver.kinds.batch.CronJobStrategy;
import io.manul.apiserver.kinds.apps.StatefulSetStrategy;
import io.manul.apiserver.kinds.batch.JobStrategy;
import io.manul.apiserver.kinds.certificates.SigningRequestStrategy;
import io.manul.apiserver.kinds.core.ConfigMapStrategy;
import io.manul.apiserver.kinds.core.NamespaceStrategy;
import io.manul.apiserver.kinds.core.ReplicationControllerStrategy;
import io.manul.apiserver.kinds.core.SecretStrategy;
import io.manul.apiserver.kinds.event.EventStrategy;
import io.manul.apiserver.kinds.limits.LimitRangeRules;
import io.manul.apiserver.kinds.limits.QuotaRules;
import io.manul.apiserver.kinds.misc.AdmissionColumns;
import io.manul.apiserver.kinds.misc.ClusterColumns;
import io.manul.apiserver.kinds.misc.DeviceColumns;
import io.manul.apiserver.kinds.misc.MiscDefaults;
import io.manul.apiserver.kinds.misc.NetworkColumns;
import io.manul.apiserver.kinds.networkpolicy.NetworkPolicyRules;
import io.manul.apiserver.kinds.node.LeaseStrategy;
import io.manul.apiserver.kinds.node.NodeStrategy;
import io.manul.apiserver.kinds.pod.PodDefaults;
import io.manul.apiserver.kinds.pod.PodStrategy;
import io.manul.apiserver.kinds.policy.BudgetStrategy;
import io.manul.apiserver.kinds.rbac.BindingStrategy;
import io.manul.apiserver.kinds.rbac.RbacRules;
import io.manul.apiserver.kinds.service.AddressStrategies;
import io.manul.apiserver.kinds.service.EndpointsRules;
import io.manul.apiserver.kinds.scheduling.PriorityClassStrategy;
import io.manul.apiserver.kinds.service.ServiceStrategy;
import io.manul.apiserver.kinds.service.SliceStrategy;
import io.manul.apiserver.kinds.storage.StorageKinds;
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
    private static final String STORAGE = "storage.k8s.io";
    private static final String DEVICES = "resource.k8s.io";
    private static final String ADMISSION = "admissionregistration.k8s.io";
    private static final String FLOW = "flowcontrol.apiserver.k8s.io";
    private static final Strategy NONE = new Plain().cells(new Cells());
    private final Map<String, Strategy> all = new HashMap<>();

    public KindStrategies() {
        core();
        apps();
        batch();
        rest();
        storage();
        admission();
    }

    private void core() {
        put("", "pods", new PodStrategy());
        put("", "podtemplates", new Plain().defaults(o -> PodDefaults.of(o.make("template", "spec"))).noGeneration()
                .cells(ClusterColumns.TEMPLATE));
        put("", "services", new ServiceStrategy());
        put("", "namespaces", new NamespaceStrategy());
        put("", "nodes", new NodeStrategy());
        put("", "configmaps", new ConfigMapStrategy());
        put("", "secrets", new SecretStrategy());
        put("", "serviceaccounts", new Plain().noGeneration().cells(new Cells().age()));
        put("", "events", new EventStrategy());
        put("events.k8s.io", "events", new EventStrategy());
        put("", "endpoints", new Plain().noGeneration().creatable().defaults(MiscDefaults::endpoints).rules(EndpointsRules::check)
                .cells(NetworkColumns.ENDPOINTS));
        put("", "persistentvolumes", StorageKinds.persistentVolume());
        put("", "persistentvolumeclaims", StorageKinds.persistentVolumeClaim());
        put("", "limitranges", new Plain().defaults(LimitRangeRules::defaults).rules(LimitRangeRules::check).noGeneration().cells(new Cells()));
        put("", "resourcequotas", new Plain().rules(QuotaRules::check).changes(QuotaRules::update).statusChanges(QuotaRules::status)
                .noGeneration().cells(ClusterColumns.QUOTA));
        put("", "componentstatuses", new Plain().cells(ClusterColumns.COMPONENT));
        put("", "replicationcontrollers", new ReplicationControllerStrategy());
    }

    private void apps() {
        put("apps", "deployments", new DeploymentStrategy());
        put("apps", "replicasets", new ReplicaSetStrategy());
        put("apps", "statefulsets", new StatefulSetStrategy());
        put("apps", "daemonsets", new DaemonSetStrategy());
        put("apps", "controllerrevisions", new ControllerRevisionStrategy());
    }

    private void batch() {
        put("batch", "jobs", new JobStrategy());
        put("batch", "cronjobs", new CronJobStrategy());
    }

    private void rest() {
        put("coordination.k8s.io", "leases", new LeaseStrategy());
        put("discovery.k8s.io", "endpointslices", new SliceStrategy());
        put(RBAC, "roles", new Plain().noGeneration().creatable().rules((o, e) -> RbacRules.role(o, false, e)).cells(createdAt()));
        put(RBAC, "clusterroles", new Plain().noGeneration().creatable().rules((o, e) -> RbacRules.role(o, true, e)).cells(createdAt()));
        put(RBAC, "rolebindings", new BindingStrategy(false));
        put(RBAC, "clusterrolebindings", new BindingStrategy(true));
        put("networking.k8s.io", "networkpolicies", new Plain().defaults(NetworkPolicyRules::defaults)
                .rules(NetworkPolicyRules::check).cells(NetworkColumns.POLICY));
        put("networking.k8s.io", "ingresses", new Plain().cells(NetworkColumns.INGRESS));
        put("networking.k8s.io", "ingressclasses", new Plain().cells(NetworkColumns.INGRESS_CLASS));
        put("networking.k8s.io", "ipaddresses", new AddressStrategies.Address());
        put("networking.k8s.io", "servicecidrs", new AddressStrategies.Cidr());
        put("certificates.k8s.io", "certificatesigningrequests", new SigningRequestStrategy());
        put("autoscaling", "horizontalpodautoscalers", new AutoscalerStrategy());
        put("scheduling.k8s.io", "priorityclasses", new PriorityClassStrategy());
        put("policy", "poddisruptionbudgets", new BudgetStrategy());
        put("node.k8s.io", "runtimeclasses", new Plain().cells(ClusterColumns.RUNTIME_CLASS));
        put("apiregistration.k8s.io", "apiservices", new Plain().cells(ClusterColumns.API_SERVICE));
        put(FLOW, "flowschemas", new Plain().cells(ClusterColumns.FLOW_SCHEMA));
        put(FLOW, "prioritylevelconfigurations", new Plain().cells(ClusterColumns.PRIORITY_LEVEL));
    }

    private void storage() {
        put(STORAGE, "storageclasses", StorageKinds.storageClass());
        put(STORAGE, "csidrivers", StorageKinds.csiDriver());
        put(STORAGE, "csinodes", StorageKinds.csiNode());
        put(STORAGE, "csistoragecapacities", StorageKinds.csiStorageCapacity());
        put(STORAGE, "volumeattachments", StorageKinds.volumeAttachment());
        put(STORAGE, "volumeattributesclasses", StorageKinds.volumeAttributesClass());
        put(DEVICES, "deviceclasses", new Plain().cells(DeviceColumns.NAMED));
        put(DEVICES, "resourceclaimtemplates", new Plain().cells(DeviceColumns.NAMED));
        put(DEVICES, "resourceclaims", new Plain().cells(DeviceColumns.CLAIM));
        put(DEVICES, "resourceslices", new Plain().cells(DeviceColumns.SLICE));
    }

    private void admission() {
        put(ADMISSION, "mutatingwebhookconfigurations", new Plain().cells(AdmissionColumns.WEBHOOKS));
        put(ADMISSION, "validatingwebhookconfigurations", new Plain().cells(AdmissionColumns.WEBHOOKS));
        put(ADMISSION, "validatingadmissionpolicies", new Plain().cells(AdmissionColumns.VALIDATING));
        put(ADMISSION, "mutatingadmissionpolicies", new Plain().cells(AdmissionColumns.MUTATING));
        put(ADMISSION, "validatingadmissionpolicybindings", new Plain().cells(AdmissionColumns.BINDING));
        put(ADMISSION, "mutatingadmissionpolicybindings", new Plain().cells(AdmissionColumns.BINDING));
    }

    private static Cells createdAt() {
        return new Cells().text("Created At", r -> r.text("metadata", "creationTimestamp"));
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
