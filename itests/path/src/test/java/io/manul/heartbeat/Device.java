package io.manul.heartbeat;

import io.manul.api.pki.Pki;
import io.manul.api.testing.TestSettings;
import io.manul.client.Cluster;
import io.manul.client.Events;
import io.manul.client.RemoteClusters;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.room.CriRoom;
import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.kubelet.node.Machine;
import io.manul.kubelet.node.NodeLoop;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A second node of a server, on the other side of the network: the kubelet's node loop over HTTPS with a node's certificate, and
 * the node's half of the heartbeats over MQTT. It runs no pods; its container runtime is the server's.
 */
final class Device implements AutoCloseable {

    private final String name;
    private final Pki.Identity identity;
    private final X509Certificate serverCa;
    private final Cluster cluster;
    private final Events events;
    private final TestSettings settings;
    private final CriRoom cri;
    private final String broker;
    private long epoch;
    private NodeLoop kubelet;
    private NodeHalf half;

    /** @param broker {@code ssl://host:port} */
    Device(ManulServer server, String name, String broker) throws Exception {
        this.name = name;
        this.broker = broker;
        Path tls = server.data().resolve("server/tls");
        identity = identity(tls, name);
        String caPem = Files.readString(tls.resolve("server-ca.crt"));
        serverCa = certificate(caPem);
        cluster = RemoteClusters.withCertificate(URI.create("https://" + server.space().address() + ":6443"), caPem, identity.key(), identity.chain(), name);
        events = cluster.events("kubelet");
        settings = new TestSettings(name, Files.createDirectories(server.data().resolve(name)), Map.of("node-ip", server.space().hostAddress(),
                "server", "https://" + server.space().address() + ":6443",
                "container-runtime-endpoint", server.data().resolve("run/containerd/containerd.sock").toString()));
        cri = new CriRoom(settings);
        cri.begin(new byte[0]);
    }

    /** What an administrator would sign for the node. */
    private static Pki.Identity identity(Path tls, String name) throws Exception {
        Path key = tls.resolve(name + ".key");
        Path request = tls.resolve(name + ".csr");
        Path signed = tls.resolve(name + ".crt");
        Command.run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/O=system:nodes/CN=system:node:" + name, "-keyout", key.toString(), "-out", request.toString()).orFail();
        Command.run("openssl", "x509", "-req", "-in", request.toString(), "-CA", tls.resolve("client-ca.crt").toString(), "-CAkey",
                tls.resolve("client-ca.key").toString(), "-days", "30", "-out", signed.toString()).orFail();
        byte[] der = Base64.getMimeDecoder().decode(Files.readString(key).replaceAll("-----.*-----", ""));
        return new Pki.Identity(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)), List.of(certificate(Files.readString(signed))));
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Power on. */
    void start() {
        InstantSource clock = InstantSource.system();
        kubelet = new NodeLoop(settings, cluster, (ContainerRuntime) cri.offers().get(ContainerRuntime.class),
                new Machine(Path.of("/"), settings.dataDir()), events, clock);
        kubelet.start(false);
        Pki pki = (Pki) Proxy.newProxyInstance(Pki.class.getClassLoader(), new Class<?>[] {Pki.class}, (p, method, args) -> switch (method.getName()) {
            case "nodeClient" -> identity;
            case "serverCa" -> serverCa;
            default -> throw new UnsupportedOperationException(method.getName());
        });
        half = HeartbeatComponent.node((user, groups, room) -> cluster, pki, Names.of(serverCa), broker,
                new NodeHalf.Life(name, "boot", ++epoch, 0, settings.version()), Duration.ofSeconds(10), clock, RandomGenerator.getDefault(), () -> false).start();
    }

    /** Power off: nobody says goodbye. */
    void stop() {
        if (half != null) {
            half.close();
            kubelet.close();
            half = null;
        }
    }

    /** Heartbeats that went by MQTT since the start. */
    long sent() {
        return half.sent();
    }

    @Override
    public void close() throws Exception {
        stop();
        events.close();
        cri.end();
    }
}
