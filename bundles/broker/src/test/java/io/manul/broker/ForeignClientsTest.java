package io.manul.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manul.api.pki.Pki;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote: Eclipse Paho and Debian's mosquitto_pub and mosquitto_sub. */
@org.junit.jupiter.api.Timeout(value = 30, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignClientsTest {

    private static final TestPki PKI = new TestPki("cam-7");
    private static final String NODE = "kn/v1/" + ClusterName.of(PKI.serverCa()) + "/n/cam-7/";

    @TempDir
    Path folder;
    private BrokerComponent broker;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        broker = new BrokerComponent(TestSettings.of("cam-7", Map.of("mqtt-listen-port", "0")), PKI);
        broker.begin(new byte[0]);
        Files.writeString(folder.resolve("ca.crt"), PKI.serverCaPem());
        TestPki.write(folder, "node", PKI.node("cam-7"));
        TestPki.write(folder, "server", PKI.server());
    }

    @AfterEach
    void end() throws Exception {
        for (Process p : started) {
            p.destroy();
            assertTrue(p.waitFor(5, TimeUnit.SECONDS));
        }
        broker.end();
    }

    // ---- Paho

    private static SSLContext tls(Pki.Identity who) throws Exception {
        java.security.KeyStore trusted = java.security.KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", PKI.serverCa());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        java.security.KeyStore own = java.security.KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("me", who.key(), new char[0], who.chain().toArray(new java.security.cert.X509Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private final List<java.net.Socket> sockets = new ArrayList<>();

    /** Keeps the sockets that it makes. */
    private final class Kept extends javax.net.ssl.SSLSocketFactory {
        private final javax.net.ssl.SSLSocketFactory real;

        private Kept(javax.net.ssl.SSLSocketFactory real) {
            this.real = real;
        }

        @Override
        public java.net.Socket createSocket() throws java.io.IOException {
            sockets.add(real.createSocket());
            return sockets.getLast();
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return real.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return real.getSupportedCipherSuites();
        }

        @Override
        public java.net.Socket createSocket(java.net.Socket s, String host, int port, boolean close) throws java.io.IOException {
            return real.createSocket(s, host, port, close);
        }

        @Override
        public java.net.Socket createSocket(String host, int port) throws java.io.IOException {
            return real.createSocket(host, port);
        }

        @Override
        public java.net.Socket createSocket(String host, int port, java.net.InetAddress local, int localPort) throws java.io.IOException {
            return real.createSocket(host, port, local, localPort);
        }

        @Override
        public java.net.Socket createSocket(java.net.InetAddress host, int port) throws java.io.IOException {
            return real.createSocket(host, port);
        }

        @Override
        public java.net.Socket createSocket(java.net.InetAddress host, int port, java.net.InetAddress local, int localPort) throws java.io.IOException {
            return real.createSocket(host, port, local, localPort);
        }
    }

    private MqttConnectionOptions options(Pki.Identity who) throws Exception {
        MqttConnectionOptions o = new MqttConnectionOptions();
        o.setSocketFactory(new Kept(tls(who).getSocketFactory()));
        o.setCleanStart(false);
        o.setSessionExpiryInterval(3600L);
        o.setReceiveMaximum(4);
        return o;
    }

    private MqttClient paho(String id) throws MqttException {
        return new MqttClient("ssl://127.0.0.1:" + broker.port(), id, new MemoryPersistence());
    }

    private static final class Inbox implements MqttCallback {
        private final BlockingQueue<String> in = new LinkedBlockingQueue<>();

        @Override
        public void messageArrived(String topic, MqttMessage m) {
            in.add(topic + " " + new String(m.getPayload(), StandardCharsets.UTF_8));
        }

        @Override
        public void disconnected(MqttDisconnectResponse r) {
            in.add("disconnected " + Integer.toHexString(r.getReturnCode()));
        }

        @Override
        public void mqttErrorOccurred(MqttException e) {
            in.add("error " + e);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // not asked for
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // not asked for
        }

        @Override
        public void authPacketArrived(int reason, MqttProperties properties) {
            in.add("auth");
        }

        String take() throws InterruptedException {
            return String.valueOf(in.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void pahoConnectsPublishesAndDies() throws Exception {
        MqttClient server = paho("server");
        Inbox inbox = new Inbox();
        server.setCallback(inbox);
        server.connect(options(PKI.server()));
        assertEquals(1, server.subscribe(NODE.replace("cam-7", "+") + "#", 1).getReasonCodes()[0]);
        MqttClient node = paho("node");
        MqttConnectionOptions o = options(PKI.node("cam-7"));
        MqttProperties delay = new MqttProperties();
        delay.setWillDelayInterval(1L);
        o.setWill(NODE + "death", new MqttMessage("dead".getBytes(StandardCharsets.UTF_8), 1, false, null));
        o.setWillMessageProperties(delay);
        IMqttToken token = node.connectWithResult(o);
        assertEquals(1, token.getResponseProperties().getMaximumQoS());
        assertEquals(8, token.getResponseProperties().getTopicAliasMaximum());
        assertEquals(65_536L, token.getResponseProperties().getMaximumPacketSize());
        for (String body : List.of("1", "2", "3")) {
            node.publish(NODE + "hb", new MqttMessage(body.getBytes(StandardCharsets.UTF_8), 0, false, new MqttProperties()));
            assertEquals(NODE + "hb " + body, inbox.take()); // from the second on Paho sends an alias
        }
        node.publish(NODE + "status", new MqttMessage("s".getBytes(StandardCharsets.UTF_8), 1, false, new MqttProperties()));
        assertEquals(NODE + "status s", inbox.take());
        sockets.getLast().close(); // Paho cannot cut a TLS connection itself: shutdownInput() throws before close()
        assertEquals(NODE + "death dead", inbox.take());
        byte[] state = broker.end();
        assertTrue(inbox.take().startsWith("disconnected 8b"));
        assertTrue(state.length > 100);
        for (java.net.Socket s : sockets) {
            s.close();
        }
        node.close(true);
        server.close(true);
    }

    // ---- mosquitto

    private Process mosquitto(String tool, String who, String... args) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/" + tool)), "mosquitto-clients is not installed");
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", "/usr/bin/" + tool, "-V", "mqttv5", "-h", "127.0.0.1", "-p", String.valueOf(broker.port()),
                "--cafile", folder.resolve("ca.crt").toString(), "--cert", folder.resolve(who + ".crt").toString(),
                "--key", folder.resolve(who + ".key").toString()));
        command.addAll(List.of(args));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(p);
        return p;
    }

    private static String all(Process p) throws Exception {
        assertTrue(p.waitFor(10, TimeUnit.SECONDS));
        return new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void mosquittoPublishesAndSubscribes() throws Exception {
        Process sub = mosquitto("mosquitto_sub", "server", "-i", "s", "-t", "kn/v1/#", "-q", "1", "-F", "%r %q %t %p", "-d");
        BufferedReader lines = sub.inputReader();
        awaitLine(lines, "SUBACK");
        byte[] beat = new byte[28];
        Files.write(folder.resolve("beat"), beat);
        assertEquals("", all(mosquitto("mosquitto_pub", "node", "-i", "n", "-t", NODE + "birth", "-r", "-q", "1", "-m", "born")));
        assertEquals("0 1 " + NODE + "birth born", awaitLine(lines, NODE + "birth born"));
        assertEquals("", all(mosquitto("mosquitto_pub", "node", "-i", "n", "-t", NODE + "hb", "-D", "PUBLISH", "topic-alias", "1", "--repeat", "3", "-m", "x")));
        for (int i = 0; i < 3; i++) {
            assertEquals("0 0 " + NODE + "hb x", awaitLine(lines, NODE + "hb x"));
        }
        String refused = all(mosquitto("mosquitto_pub", "node", "-i", "n", "-t", NODE.replace("cam-7", "cam-8") + "hb", "-q", "1", "-m", "x"));
        assertTrue(refused.toLowerCase(java.util.Locale.ROOT).contains("not authorized"), refused);
        String late = all(mosquitto("mosquitto_sub", "server", "-i", "s2", "-t", "kn/v1/#", "-C", "1", "-W", "5", "-F", "%r %t %p"));
        assertEquals("1 " + NODE + "birth born", late);
    }

    private static String awaitLine(BufferedReader lines, String part) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (String l = lines.readLine(); l != null; l = lines.readLine()) {
            seen.append(l).append('\n');
            if (l.contains(part) && (!l.startsWith("Client ") || part.equals("SUBACK"))) {
                return l;
            }
        }
        throw new AssertionError("ended without " + part + ": " + seen);
    }

    @Test
    void mosquittosWillComesAfterItsDelay() throws Exception {
        Process sub = mosquitto("mosquitto_sub", "server", "-i", "s", "-t", "kn/v1/#", "-F", "%t %p", "-d");
        BufferedReader lines = sub.inputReader();
        awaitLine(lines, "SUBACK");
        Process node = mosquitto("mosquitto_sub", "node", "-i", "n", "-t", NODE + "cmd", "-d", "-x", "3600", "-c", "--will-topic", NODE + "death",
                "--will-payload", "dead", "--will-qos", "1", "-D", "will", "will-delay-interval", "1");
        awaitLine(node.inputReader(), "SUBACK");
        long at = System.nanoTime();
        node.destroyForcibly();
        assertEquals(NODE + "death dead", awaitLine(lines, NODE + "death dead"));
        assertTrue(System.nanoTime() - at > 900_000_000L);
    }

    @Test
    void theOldProtocolOfMosquittoIsToldSo() throws Exception {
        String said = all(mosquitto("mosquitto_pub", "node", "-V", "mqttv311", "-t", NODE + "hb", "-m", "x"));
        assertTrue(said.contains("protocol version"), said);
        assertArrayEquals(new String[] {""}, new String[] {broker.health().message()});
    }
}
