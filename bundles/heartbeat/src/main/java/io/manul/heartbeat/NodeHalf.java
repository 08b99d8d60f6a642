package io.manul.heartbeat;

import io.manul.client.ClusterException;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's half: a heartbeat every 10 s, at once after each connection. While MQTT is away, or nobody listens at its other
 * end, it renews the Lease over the API instead. One virtual thread beside the link's.
 */
final class NodeHalf implements Link.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeHalf.class);
    private static final long HEARTBEAT_EXPIRY = 30;
    private static final long BIRTH_EXPIRY = Duration.ofDays(7).toSeconds();
    static final long WILL_DELAY = 60;

    /** Who sends. @param epoch names this life of the process; @param first sequence, above all of earlier rooms in it */
    record Life(String node, String bootId, long epoch, long first, String version) {
    }

    private final Life life;
    private final Names names;
    private final Leases leases;
    private final InstantSource clock;
    private final Duration every;
    private final Link link;
    private final AtomicLong sequence;
    private final Semaphore now = new Semaphore(0);
    private final AtomicLong sent = new AtomicLong();
    private final BooleanSupplier stopping;
    private volatile boolean listened;
    private Thread thread;

    /** @param links makes the link for its listener; @param stopping true when the whole process ends, not only this room */
    NodeHalf(Life life, Names names, Leases leases, InstantSource clock, Duration every, Function<Link.Listener, Link> links,
            BooleanSupplier stopping) {
        this.life = life;
        this.names = names;
        this.leases = leases;
        this.clock = clock;
        this.every = every;
        this.sequence = new AtomicLong(life.first());
        this.stopping = stopping;
        this.link = links.apply(this);
    }

    /** What the broker says when this node is lost. */
    static Link.Outgoing will(Life life, Names names) {
        return new Link.Outgoing(names.of(life.node(), Names.DEATH), who(life).bytes(), 1, false, 0);
    }

    private static Obj who(Life life) {
        return Obj.of("bootId", life.bootId(), "epoch", Long.toHexString(life.epoch()));
    }

    NodeHalf start() {
        link.start();
        thread = Thread.ofVirtual().name("heartbeat-node").start(this::run);
        return this;
    }

    private void run() {
        boolean well = true;
        try {
            for (;;) {
                if (link.connected() && link.publish(new Link.Outgoing(names.of(life.node(), Names.HEARTBEAT), beat().bytes(), 0, false, HEARTBEAT_EXPIRY))) {
                    sent.incrementAndGet();
                }
                if (!link.connected() || !listened) {
                    well = renew(well);
                }
                if (now.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    now.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Beat beat() {
        long mask = 0xffff_ffff_ffffL;
        return new Beat(0, life.epoch(), sequence.incrementAndGet() & 0xffff_ffffL, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) & mask,
                clock.millis() & mask, Beat.READY);
    }

    /** The fallback. @return whether it went well */
    private boolean renew(boolean well) throws InterruptedException {
        try {
            leases.renew(life.node(), clock.instant());
            return true;
        } catch (ClusterException e) {
            if (well) {
                LOG.warn("Neither MQTT nor the API takes this node's heartbeat; tried again every {} s node={} why={}", every.toSeconds(), life.node(),
                        e.getMessage());
            }
            return false;
        }
    }

    @Override
    public void connected() {
        Obj birth = who(life).put("kubelet", life.version()).put("since", clock.instant().toString());
        link.publish(new Link.Outgoing(names.of(life.node(), Names.BIRTH), birth.bytes(), 1, true, BIRTH_EXPIRY));
        now.release();
    }

    @Override
    public void message(String topic, byte[] payload) {
        if (topic.equals(names.state())) {
            try {
                boolean was = listened;
                listened = Obj.parse(payload).flag("online");
                if (listened != was) {
                    LOG.info("The server's half {} heartbeats node={}", listened ? "takes" : "does not take", life.node());
                }
                now.release(); // it has come, or come anew: it knows nothing of this node yet
            } catch (JsonException e) {
                LOG.warn("Not understood topic={} why={} text={}", topic, e.getMessage(),
                        new String(payload, 0, Math.min(payload.length, 100), StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void lost() {
        listened = false;
    }

    long sent() {
        return sent.get();
    }

    /** Ends; when the whole process stops it is said, otherwise another room goes on. Joined. */
    @Override
    public void close() {
        boolean stop = stopping.getAsBoolean();
        try {
            if (thread != null) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(3));
            }
            if (stop) {
                Obj said = who(life).put("reason", "shutdown").put("sequence", sequence.get());
                link.publishAndWait(new Link.Outgoing(names.of(life.node(), Names.DEATH), said.bytes(), 1, false, 0), Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link.close(stop);
        }
    }
}
