package io.manul.apiserver.engine.boot;

import io.manul.api.settings.Settings;
import io.manul.apiserver.auth.rbac.DefaultPolicy;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes what every cluster has: namespaces, default roles, priority classes, the Service kubernetes with its endpoint. */
public final class Boot {

    private static final User SERVER = new User("system:apiserver", List.of("system:masters"));

    private final Core core;
    private final Writes writes;

    public Boot(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
    }

    public void run() throws ApiException {
        for (String namespace : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            ensure("", "namespaces", "", Obj.of("apiVersion", "v1", "kind", "Namespace", "metadata", Obj.of("name", namespace)));
        }
        DefaultPolicy.reconcile(core.reader(), new DefaultPolicy.Writer() {
            @Override
            public void create(String resource, Obj object) throws ApiException {
                Boot.this.create("rbac.authorization.k8s.io", resource, object.namespace(), object);
            }

            @Override
            public void update(String resource, Obj object) throws ApiException {
                change("rbac.authorization.k8s.io", resource, object.namespace(), object);
            }
        });
        priority("system-node-critical", 2_000_001_000L,
                "Used for system critical pods that must not be moved from their current node.");
        priority("system-cluster-critical", 2_000_000_000L,
                "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.");
        service(core.settings());
    }

    private void priority(String name, long value, String description) throws ApiException {
        ensure("scheduling.k8s.io", "priorityclasses", "", Obj.of("apiVersion", "scheduling.k8s.io/v1", "kind", "PriorityClass",
                "metadata", Obj.of("name", name), "value", value, "description", description));
    }

    private void service(Settings s) throws ApiException {
        List<String> cidrs = Arrays.stream(s.serviceCidr().split(",")).map(String::strip).toList();
        // the networks that cluster addresses come from (KEP-1880)
        ensure("networking.k8s.io", "servicecidrs", "", Obj.of("apiVersion", "networking.k8s.io/v1", "kind", "ServiceCIDR",
                "metadata", Obj.of("name", "kubernetes"), "spec", Obj.of("cidrs", cidrs)));
        String ip = first(cidrs.getFirst());
        Obj labels = Obj.of("component", "apiserver", "provider", "kubernetes");
        ensure("", "services", "default", Obj.of("apiVersion", "v1", "kind", "Service",
                "metadata", Obj.of("name", "kubernetes", "namespace", "default", "labels", labels),
                "spec", Obj.of("clusterIP", ip, "type", "ClusterIP", "sessionAffinity", "None",
                        "ports", List.of(Obj.of("name", "https", "port", 443, "protocol", "TCP", "targetPort", s.httpsPort())))));
        List<Obj> ports = List.of(Obj.of("name", "https", "port", s.httpsPort(), "protocol", "TCP"));
        keep("", "endpoints", Obj.of("apiVersion", "v1", "kind", "Endpoints", "metadata", Obj.of("name", "kubernetes", "namespace", "default",
                "labels", Obj.of("endpointslice.kubernetes.io/skip-mirror", "true")),
                "subsets", List.of(Obj.of("addresses", List.of(Obj.of("ip", s.nodeIp())), "ports", ports))), "subsets");
        keep("discovery.k8s.io", "endpointslices", Obj.of("apiVersion", "discovery.k8s.io/v1", "kind", "EndpointSlice",
                "metadata", Obj.of("name", "kubernetes", "namespace", "default", "labels", Obj.of("kubernetes.io/service-name", "kubernetes")),
                "addressType", s.nodeIp().contains(":") ? "IPv6" : "IPv4", "endpoints", List.of(Obj.of("addresses", List.of(s.nodeIp()), "conditions", Obj.of("ready", true))),
                "ports", ports), "endpoints", "ports");
    }

    /** The first address of a network after its own. */
    private static String first(String cidr) {
        byte[] address = InetAddress.ofLiteral(cidr.split("/")[0]).getAddress();
        address[address.length - 1]++;
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ensure(String group, String resource, String namespace, Obj object) throws ApiException {
        if (core.reader().get(group, resource, namespace, object.name()).isEmpty()) {
            create(group, resource, namespace, object);
        }
    }

    /** Like ensure, and these parts are brought to what they should be. */
    private void keep(String group, String resource, Obj object, String... parts) throws ApiException {
        Optional<Obj> there = core.reader().get(group, resource, "default", object.name());
        if (there.isEmpty()) {
            create(group, resource, "default", object);
        } else {
            Obj wanted = there.get();
            for (String part : parts) {
                wanted.put(part, object.get(part));
            }
            change(group, resource, "default", wanted);
        }
    }

    private Target target(String group, String resource, String namespace, String name) throws ApiException {
        Served served = core.catalog().find(group, "v1", resource).orElseThrow(ApiException::noResource);
        return new Target(served, namespace, name, "", SERVER, false, Obj.of(), new ArrayList<>());
    }

    private void create(String group, String resource, String namespace, Obj object) throws ApiException {
        try {
            writes.creator().create(target(group, resource, namespace, ""), object);
        } catch (ApiException e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
        }
    }

    private void change(String group, String resource, String namespace, Obj object) throws ApiException {
        object.remove("metadata", "resourceVersion");
        writes.changer().change(target(group, resource, namespace, object.name()), current -> object.copy());
    }
}
