package io.manul.network.pods;

import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's end and the ways to the other nodes true to the Node objects. One worker: what is changed in the kernel is
 * the difference to what it did before. It takes nothing away when it ends.
 */
final class Network implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Settings settings;
    private final Cluster node;
    private final Backend backend;
    private final CniConfig cni;
    private final Masquerade masquerade;
    private final Switches switches;
    private final KnownPeers known;
    private final Informer nodes;
    private final Controller controller;
    private final Map<String, List<Peer>> done = new HashMap<>();
    private List<Cidr> own = List.of();
    private boolean swept;

    /** @param reader may list Nodes @param node is this node */
    Network(Settings settings, Cluster reader, Cluster node, Backend backend, CniConfig cni, Masquerade masquerade, Switches switches, KnownPeers known) {
        this.settings = settings;
        this.node = node;
        this.backend = backend;
        this.cni = cni;
        this.masquerade = masquerade;
        this.switches = switches;
        this.known = known;
        nodes = reader.informer(Resources.NODES, Selection.ALL);
        controller = new Controller("network-pods", this::reconcile, List.of(nodes));
        nodes.listen(c -> {
            if (c.kind() != Informer.Kind.MODIFIED || changed(c.previous(), c.object())) {
                controller.queue().add(new Key("", c.object().name()));
            }
        });
    }

    private boolean changed(Obj before, Obj now) {
        boolean mine = now.name().equals(settings.nodeName());
        return !Peer.cidrs(before).equals(Peer.cidrs(now)) || !Peer.of(before, backend.name()).equals(Peer.of(now, backend.name()))
                || mine && !before.annotations().equals(now.annotations());
    }

    /** With what is known from before, at once; then as the Nodes say. */
    Network start() throws IOException, InterruptedException {
        List<Cidr> kept = cni.kept();
        switches.set(kept);
        if (!kept.isEmpty()) {
            own(kept);
            for (Peer p : known.load()) {
                done.computeIfAbsent(p.node(), n -> new java.util.ArrayList<>()).add(p);
            }
            backend.add(done.values().stream().flatMap(Collection::stream).toList());
        }
        controller.start(1);
        return this;
    }

    private Map<String, String> own(List<Cidr> cidrs) throws IOException, InterruptedException {
        Map<String, String> said = backend.ensure(cidrs);
        masquerade.ensure(Cidr.list(settings.clusterCidr()), cidrs, settings.other("flannel-ipv6-masq").orElse("").equals("true"));
        cni.ensure(cidrs, backend.mtu());
        if (!own.equals(cidrs)) {
            switches.set(cidrs);
            own = cidrs;
        }
        return said;
    }

    private Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        try {
            return key.name().equals(settings.nodeName()) ? mine(nodes.get(key)) : other(key.name(), nodes.get(key));
        } catch (IOException e) {
            LOG.warn("The pod network is not as it should be; tried again in {} s node={} why={}", LATER.toSeconds(), key.name(), e.getMessage());
            return new Outcome.Again(LATER, e.getMessage());
        }
    }

    private Outcome mine(Optional<Obj> object) throws IOException, ClusterException, InterruptedException {
        List<Cidr> cidrs = object.map(Peer::cidrs).orElse(List.of());
        if (cidrs.isEmpty()) {
            return Outcome.SETTLED; // its range comes, and with it an event
        }
        Obj missing = Obj.of();
        own(cidrs).forEach((k, v) -> {
            if (!v.equals(object.get().annotations().get(k))) {
                missing.put(k, v);
            }
        });
        if (!missing.isEmpty()) {
            node.patch(Resources.NODES, "", settings.nodeName(), "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations", missing)));
        }
        if (!swept) {
            all();
        }
        return Outcome.SETTLED;
    }

    /** The first look at all nodes: what led to others goes. */
    private void all() throws IOException, InterruptedException {
        Set<Peer> wanted = new HashSet<>();
        done.clear();
        for (Obj n : nodes.list()) {
            if (!n.name().equals(settings.nodeName())) {
                List<Peer> peers = Peer.of(n, backend.name());
                done.put(n.name(), peers);
                wanted.addAll(peers);
            }
        }
        backend.add(List.copyOf(wanted));
        backend.sweep(wanted);
        known.keep(wanted);
        swept = true;
    }

    private Outcome other(String name, Optional<Obj> object) throws IOException, InterruptedException {
        if (!swept) {
            return own.isEmpty() ? Outcome.SETTLED : mineFirst();
        }
        List<Peer> wanted = object.map(o -> Peer.of(o, backend.name())).orElse(List.of());
        List<Peer> before = done.getOrDefault(name, List.of());
        if (wanted.equals(before)) {
            return Outcome.SETTLED;
        }
        backend.remove(before.stream().filter(p -> !wanted.contains(p)).toList());
        backend.add(wanted.stream().filter(p -> !before.contains(p)).toList());
        if (object.isPresent()) {
            done.put(name, wanted);
        } else {
            done.remove(name);
        }
        known.keep(done.values().stream().flatMap(Collection::stream).toList());
        LOG.info("Ways to a node's pods changed node={} podCIDRs={}", name, wanted.stream().map(p -> p.cidr() + " by " + p.address().getHostAddress()).toList());
        return Outcome.SETTLED;
    }

    private Outcome mineFirst() {
        controller.queue().add(new Key("", settings.nodeName()));
        return Outcome.SETTLED;
    }

    io.manul.api.component.Component.Health health() {
        return controller.health();
    }

    @Override
    public void close() {
        controller.close();
    }
}
