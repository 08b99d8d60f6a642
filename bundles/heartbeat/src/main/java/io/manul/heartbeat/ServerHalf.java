package io.manul.heartbeat;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Resources;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's half: keeps each node's Lease renewed, by its own clock, while heartbeats arrive. It renews nothing by itself:
 * when a node is silent, or says that it stops, the Lease grows old and the node controller draws its conclusions. One worker.
 */
final class ServerHalf implements Link.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerHalf.class);
    static final long WILL_DELAY = 5;
    private static final long SKEW_MILLIS = 5_000;
    private static final Duration NOT_THERE = Duration.ofSeconds(1);
    private static final Duration SILENT = Duration.ofSeconds(40);

    private final Cluster cluster;
    private final Names names;
    private final InstantSource clock;
    private final LongSupplier monotonic;
    private final Freshness freshness = new Freshness(SILENT);
    private final Leases leases;
    private final Events events;
    private final Controller controller;
    private final Link link;
    /** When each node was last known to live, by our clock; the newest counts. */
    private final Map<String, Instant> alive = new ConcurrentHashMap<>();
    /** The newest that was ever said of each node: a Lease's renewTime does not go back, unless our own clock did. */
    private final Map<String, Instant> newest = new ConcurrentHashMap<>();
    /** Skews that are to be told, ms. */
    private final Map<String, Long> skewed = new ConcurrentHashMap<>();
    private final Set<String> skewTold = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();

    /** @param monotonic ms; @param links makes the link for its listener */
    ServerHalf(Cluster cluster, Names names, InstantSource clock, LongSupplier monotonic, Function<Link.Listener, Link> links) {
        this.cluster = cluster;
        this.names = names;
        this.clock = clock;
        this.monotonic = monotonic;
        this.leases = new Leases(cluster);
        this.events = cluster.events("manul-heartbeat");
        this.controller = new Controller("heartbeat-lease", this::reconcile, List.of());
        this.link = links.apply(this);
    }

    static Link.Outgoing will(Names names) {
        return state(names, false);
    }

    private static Link.Outgoing state(Names names, boolean online) {
        return new Link.Outgoing(names.state(), Obj.of("online", online).bytes(), 1, true, 0);
    }

    ServerHalf start() {
        controller.start(1);
        link.start();
        return this;
    }

    // ---- what arrives

    @Override
    public void connected() {
        link.publish(state(names, true));
    }

    @Override
    public void lost() {
        // heartbeats stop coming; nothing is renewed in their place
    }

    @Override
    public void message(String topic, byte[] payload) {
        Optional<Names.OfNode> from = names.node(topic);
        if (from.isEmpty()) {
            return;
        }
        String node = from.get().node();
        try {
            switch (from.get().what()) {
                case Names.HEARTBEAT -> beat(node, Beat.of(payload));
                case Names.DEATH -> death(node, Obj.parse(payload));
                case Names.BIRTH -> LOG.debug("Node is born node={}", node);
                default -> LOG.debug("A topic that is not known here topic={}", topic);
            }
        } catch (JsonException | IllegalArgumentException e) {
            if (refused.getAndIncrement() == 0) {
                LOG.warn("A message of a node is not understood; further ones are refused silently topic={} why={}", topic, e.getMessage());
            }
        }
    }

    private void beat(String node, Beat b) {
        switch (freshness.beat(node, b, monotonic.getAsLong())) {
            case Freshness.Verdict.Alive a -> {
                Instant now = clock.instant();
                Instant at = now.minusMillis(a.ageMillis());
                Instant last = newest.getOrDefault(node, Instant.MIN);
                if (!at.isAfter(last) && !last.isAfter(now)) {
                    return;
                }
                newest.put(node, at);
                alive.put(node, at);
                skew(node, b.wall() - at.toEpochMilli());
                if (a.returned()) {
                    LOG.info("Heartbeats of a node arrive node={}", node);
                }
                controller.queue().add(new Key("", node));
            }
            case Freshness.Verdict.Refused r -> {
                refused.incrementAndGet();
                LOG.debug("A heartbeat proves nothing node={} why={}", node, r.why());
            }
        }
    }

    private void skew(String node, long millis) {
        if (Math.abs(millis) <= SKEW_MILLIS) {
            skewTold.remove(node);
        } else if (skewTold.add(node)) {
            skewed.put(node, millis);
        }
    }

    private void death(String node, Obj said) {
        long epoch;
        try {
            epoch = Long.parseUnsignedLong(said.text("epoch"), 16);
        } catch (NumberFormatException e) {
            throw new JsonException("epoch " + said.text("epoch") + " is not a hexadecimal number");
        }
        if (!said.text("reason").isEmpty()) {
            if (freshness.stopped(node, epoch, said.number("sequence").orElse(0))) {
                alive.remove(node);
                LOG.info("Node says that it stops; its Lease is not renewed any more node={} reason={}", node, said.text("reason"));
            }
        } else if (freshness.current(node, epoch)) {
            LOG.warn("Node is lost: its connection ended and did not come back node={} within={}s", node, NodeHalf.WILL_DELAY);
        }
    }

    // ---- what follows

    private Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        String node = key.name();
        Instant at = alive.get(node);
        if (at == null) {
            return Outcome.SETTLED;
        }
        if (!leases.renew(node, at)) {
            return new Outcome.Again(NOT_THERE, "the node is not registered yet");
        }
        alive.remove(node, at);
        tellSkew(node);
        return alive.containsKey(node) ? new Outcome.Again(Duration.ZERO, "a newer heartbeat has come") : Outcome.SETTLED;
    }

    private void tellSkew(String node) throws ClusterException, InterruptedException {
        Long millis = skewed.remove(node);
        if (millis != null) {
            Obj about = cluster.get(Resources.NODES, "", node).orElseGet(Obj::of);
            if (!about.isEmpty()) {
                events.warning(about.put("apiVersion", "v1").put("kind", "Node"), "ClockSkew", "The clock of node " + node + " is "
                        + TimeUnit.MILLISECONDS.toSeconds(Math.abs(millis)) + " s " + (millis > 0 ? "ahead of" : "behind") + " the server's");
            }
        }
    }

    Controller controller() {
        return controller;
    }

    @Override
    public void close() {
        link.close();
        controller.close();
        events.close();
    }
}
