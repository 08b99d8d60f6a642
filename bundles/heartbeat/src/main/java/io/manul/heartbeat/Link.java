package io.manul.heartbeat;

import io.manul.api.pki.Pki.Identity;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker that comes back by itself: full jitter over 0.5 s doubling to 30 s. Each connection is a Paho
 * client of its own, on virtual threads of its own, so that nothing of it outlives {@link #close}; the MQTT session (never a
 * clean start) is what goes on. One virtual thread.
 */
final class Link implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** Paho's threads look every 100 ms whether they are over. */
    private static final Duration LET_GO = Duration.ofMillis(150);
    private static final int LET_GO_TIMES = 20;
    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final long SESSION_SECONDS = 3600;
    private static final int IN_FLIGHT = 16;
    private static final long PACKET = 64 << 10;
    private static final int PAHO_THREADS = 5;
    /** The broker publishes the Will when its delay is over and nobody came back (MQTT 5.0, 3.14.2.1). */
    private static final int WITH_WILL = 0x04;
    private static final int WITHOUT_WILL = 0x00;

    /** @param expirySeconds 0: none */
    record Outgoing(String topic, byte[] payload, int qos, boolean retain, long expirySeconds) {
    }

    /** Told on Paho's threads; returns soon. */
    interface Listener {
        /** The subscriptions stand. */
        void connected();

        void message(String topic, byte[] payload);

        void lost();
    }

    /** @param endpoint {@code ssl://host:port}; @param willDelaySeconds the Will Delay Interval */
    record Plan(String endpoint, String clientId, Supplier<Identity> identity, X509Certificate serverCa, Outgoing will,
            long willDelaySeconds, List<String> subscriptions) {
    }

    private final Plan plan;
    private final Listener listener;
    private final RandomGenerator random;
    private Thread thread;
    private volatile boolean closed;
    private volatile boolean goodbye;
    private volatile MqttAsyncClient client;
    private volatile CountDownLatch over = new CountDownLatch(1);
    // the loop's thread only
    private Identity identity;
    private SSLContext context;

    Link(Plan plan, Listener listener, RandomGenerator random) {
        this.plan = plan;
        this.listener = listener;
        this.random = random;
    }

    Link start() {
        thread = Thread.ofVirtual().name("mqtt-" + plan.clientId()).start(this::run);
        return this;
    }

    boolean connected() {
        return client != null;
    }

    private void run() {
        int failures = 0;
        try {
            while (!closed) {
                try {
                    connection();
                    failures = 0;
                } catch (MqttException | IOException | RuntimeException e) {
                    if (failures++ == 0 && !closed) {
                        LOG.warn("MQTT broker not reached; tried again with back-off broker={} client={} why={}", plan.endpoint(), plan.clientId(),
                                reason(e));
                    }
                }
                if (!closed) {
                    Thread.sleep(wait(failures, random));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Full jitter: anything from nothing to the back-off. */
    static Duration wait(int failures, RandomGenerator random) {
        long most = Math.min(MOST.toMillis(), FIRST.toMillis() << Math.min(failures, 10));
        return Duration.ofMillis(random.nextLong(most + 1));
    }

    private static String reason(Exception e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + e.getCause().getMessage();
    }

    /** One connection, from its beginning to its end. */
    private void connection() throws MqttException, IOException, InterruptedException {
        Identity now = plan.identity().get();
        if (identity == null || !identity.chain().equals(now.chain())) {
            context = Tls.context(now, plan.serverCa());
            identity = now;
        }
        Tls sockets = Tls.of(context);
        CountDownLatch mine = new CountDownLatch(1);
        over = mine;
        if (closed) {
            return; // close() may have looked at the latch before this one, and Paho swallows interrupts while it connects
        }
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(PAHO_THREADS, Thread.ofVirtual().name("mqtt-io").factory());
        threads.setRemoveOnCancelPolicy(true);
        MqttAsyncClient c = new MqttAsyncClient(plan.endpoint(), plan.clientId(), new MemoryPersistence(), null, threads);
        try {
            c.setCallback(new Callback(mine));
            done(c.connect(options(sockets)));
            for (String filter : plan.subscriptions()) {
                done(c.subscribe(filter, 1));
            }
            client = c;
            LOG.info("Connected to the MQTT broker broker={} client={}", plan.endpoint(), plan.clientId());
            listener.connected();
            mine.await();
            if (closed) {
                c.disconnect(0, null, null, goodbye ? WITHOUT_WILL : WITH_WILL, new MqttProperties()).waitForCompletion(1000);
            }
        } finally {
            boolean was = client != null;
            client = null;
            end(c, sockets, threads);
            if (was && !closed) {
                LOG.info("Lost the MQTT broker broker={} client={}", plan.endpoint(), plan.clientId());
                listener.lost();
            }
        }
    }

    private static void done(IMqttToken token) throws MqttException {
        token.waitForCompletion(ANSWER.toMillis());
    }

    private static void end(MqttAsyncClient c, Tls sockets, ScheduledThreadPoolExecutor threads) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        threads.shutdown(); // nothing new begins
        Workers workers = Workers.of(c);
        try {
            sockets.closeLast();
            c.disconnectForcibly(0, 1, false);
            c.close(true);
        } catch (MqttException | IOException e) {
            LOG.debug("An MQTT connection did not end well why={}", e.getMessage());
        } finally {
            threads.shutdownNow();
            for (int i = 0; i < LET_GO_TIMES && !threads.isTerminated(); i++) {
                try {
                    if (!threads.awaitTermination(LET_GO.toMillis(), TimeUnit.MILLISECONDS)) {
                        workers.release(); // and again: one that still runs says itself that it has stopped
                    }
                } catch (InterruptedException e) {
                    interrupted = true; // close() hurries; what was begun is still taken down
                }
            }
            if (!threads.isTerminated()) {
                LOG.warn("Threads of an MQTT connection do not end client={}", c.getClientId());
            }
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private MqttConnectionOptions options(Tls sockets) {
        MqttConnectionOptions o = new MqttConnectionOptions();
        o.setSocketFactory(sockets);
        o.setConnectionTimeout((int) ANSWER.toSeconds());
        o.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        o.setCleanStart(false);
        o.setSessionExpiryInterval(SESSION_SECONDS);
        o.setReceiveMaximum(IN_FLIGHT);
        o.setMaximumPacketSize(PACKET);
        o.setAutomaticReconnect(false);
        o.setUseSubscriptionIdentifiers(false);
        MqttProperties delay = new MqttProperties();
        delay.setWillDelayInterval(plan.willDelaySeconds());
        o.setWill(plan.will().topic(), new MqttMessage(plan.will().payload(), plan.will().qos(), plan.will().retain(), null));
        o.setWillMessageProperties(delay);
        return o;
    }

    /** False when there is no connection, or the message could not be handed over. */
    boolean publish(Outgoing m) {
        return token(m) != null;
    }

    /** Waits until the broker has it. */
    boolean publishAndWait(Outgoing m, Duration limit) {
        try {
            IMqttToken token = token(m);
            if (token != null) {
                token.waitForCompletion(limit.toMillis());
            }
            return token != null;
        } catch (MqttException e) {
            LOG.info("Not acknowledged by the MQTT broker topic={} why={}", m.topic(), reason(e));
            return false;
        }
    }

    private IMqttToken token(Outgoing m) {
        MqttAsyncClient c = client;
        if (c == null) {
            return null;
        }
        MqttProperties p = new MqttProperties();
        if (m.expirySeconds() > 0) {
            p.setMessageExpiryInterval(m.expirySeconds());
        }
        try {
            return c.publish(m.topic(), new MqttMessage(m.payload(), m.qos(), m.retain(), p));
        } catch (MqttException e) {
            LOG.debug("Not published topic={} why={}", m.topic(), reason(e));
            return null;
        }
    }

    private final class Callback implements MqttCallback {
        private final CountDownLatch mine;

        private Callback(CountDownLatch mine) {
            this.mine = mine;
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            LOG.debug("Disconnected client={} code={}", plan.clientId(), response.getReturnCode());
            mine.countDown();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            listener.message(topic, message.getPayload());
        }

        @Override
        public void mqttErrorOccurred(MqttException e) {
            LOG.debug("MQTT error client={} why={}", plan.clientId(), reason(e));
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // QoS 1 messages are waited for where it matters
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // told by the connect token
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // no authentication but the certificate was offered
        }
    }

    /** Leaves without a goodbye: when nobody comes back within its delay, the Will is published. Joined. */
    @Override
    public void close() {
        close(false);
    }

    /** @param taken take the Will back */
    void close(boolean taken) {
        goodbye = taken;
        closed = true;
        if (thread == null) {
            return;
        }
        over.countDown();
        try {
            if (client == null || !thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
            }
            if (!thread.join(Duration.ofSeconds(3))) {
                LOG.warn("An MQTT connection does not end client={}", plan.clientId());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
