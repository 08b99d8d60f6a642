package io.manul.network.policy;

import io.manul.api.component.Component;
import io.manul.api.network.PodNetworkGuard;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Key;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's life. The rules stay in the kernel while nobody acts; new pods wait for the next version. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class NetworkPolicies implements Component, PodNetworkGuard {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkPolicies.class);

    private final Cluster cluster;
    private final Settings settings;
    private final Tool tool;

    private Thread thread;
    private volatile Enforcer enforcer;

    @Activate
    public NetworkPolicies(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(clusters, settings, Tool.PROCESS);
    }

    NetworkPolicies(Clusters clusters, Settings settings, Tool tool) {
        this.cluster = clusters.controller("network-policy-controller", "network-policy");
        this.settings = settings;
        this.tool = tool;
    }

    @Override
    public String name() {
        return "network-policy";
    }

    private boolean wanted() {
        return !settings.other("disable-network-policy").orElse("").equals("true");
    }

    /** Nothing where policies are not wanted: the kubelet then starts containers at once. */
    @Override
    public Map<Class<?>, Object> offers() {
        return wanted() ? Map.of(PodNetworkGuard.class, this) : Map.of();
    }

    @Override
    public void begin(byte[] state) throws Exception {
        if (!wanted()) {
            tool.run(Frame.nothing(), "nft", "-f", "-");
            return;
        }
        Enforcer next = new Enforcer(cluster, settings.nodeName(), dns(), load(state),
                new Memory(settings.dataDir().resolve("agent/network-policies.json")), tool);
        next.start();
        thread = Thread.ofVirtual().name("network-policy").start(next);
        begun(next);
    }

    /** Policies let pods ask the pods of kube-system that are labelled k8s-app=kube-dns: the node answers in their stead. */
    private Optional<PodEntry> dns() {
        return settings.disable().contains("coredns") ? Optional.empty() : Optional.of(new PodEntry(new Key("kube-system", "/kube-dns"), "",
                Map.of("k8s-app", "kube-dns"), false, List.of(), List.of(), List.of(new PodEntry.Named("dns", "udp", 53),
                new PodEntry.Named("dns-tcp", "tcp", 53), new PodEntry.Named("metrics", "tcp", 9153))).at(List.of(settings.clusterDns())));
    }

    @Override
    public void guard(Sandbox sandbox, Duration limit) throws IOException, InterruptedException {
        begun(limit).guard().guard(new Key(sandbox.namespace(), sandbox.name()), sandbox.uid(),
                sandbox.addresses().stream().map(InetAddress::getHostAddress).toList(), limit);
    }

    /** Asked between the last version's end and this one's begin: waits for that. */
    private synchronized Enforcer begun(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); enforcer == null; left = (end - System.nanoTime()) / 1_000_000) {
            if (left <= 0) {
                throw new IOException("network policies are not enforced at this moment");
            }
            wait(left);
        }
        return enforcer;
    }

    private synchronized void begun(Enforcer now) {
        enforcer = now;
        notifyAll();
    }

    private static Map<String, List<String>> load(byte[] state) {
        Map<String, List<String>> out = new LinkedHashMap<>();
        if (state.length > 0) {
            try {
                Obj saved = Obj.parse(state);
                if (saved.number("version").orElse(0) == 1) {
                    saved.at("sandboxes").map().keySet().forEach(uid -> out.put(uid, saved.strings("sandboxes", uid)));
                }
            } catch (JsonException e) {
                LOG.info("State of the version before is not readable; addresses are taken from the pods' status");
            }
        }
        return out;
    }

    @Override
    public byte[] end() throws InterruptedException {
        Enforcer last = enforcer;
        enforcer = null;
        if (last == null) {
            return new byte[0];
        }
        last.close();
        if (!thread.join(Duration.ofSeconds(3))) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(1));
        }
        last.closePolicies();
        Obj sandboxes = Obj.of();
        last.sandboxes().forEach(sandboxes::put);
        return Obj.of("version", 1, "sandboxes", sandboxes).bytes();
    }

    @Override
    public Health health() {
        Enforcer now = enforcer;
        return now == null ? Health.IDLE : new Health(now.steps.get(), now.failures.get(), 0, now.trouble);
    }
}
