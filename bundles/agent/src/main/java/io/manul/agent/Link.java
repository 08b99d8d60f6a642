package io.manul.agent;

import io.manul.tunnel.Head;
import io.manul.tunnel.Tunnel;
import io.manul.tunnel.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one tunnel to one server: connects, joins what the server opens with this node's kubelet, and connects again with back-off
 * when it is cut. Several addresses may lead to one server: the second is told so, and waits.
 */
final class Link implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 15_000;
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration SAME = Duration.ofSeconds(20);

    /** @param tls with the node's certificate as it is now @param lost told when a tunnel was cut */
    record Plan(Tls tls, Path kubelet, Consumer<URI> lost, RandomGenerator random) {
        interface Tls {
            SSLContext now() throws IOException;
        }
    }

    private final URI server;
    private final Plan plan;
    private final Map<URI, String> linked;

    Link(URI server, Plan plan, Map<URI, String> linked) {
        this.server = server;
        this.plan = plan;
        this.linked = linked;
    }

    @Override
    public void run() {
        Duration wait = SHORTEST;
        String last = "";
        try {
            for (;;) {
                String why;
                try {
                    wait = once() ? SHORTEST : SAME;
                    last = "";
                } catch (IOException e) {
                    why = String.valueOf(e.getMessage());
                    if (!why.equals(last)) {
                        LOG.warn("No tunnel to the server; tried again with back-off server={} why={}", server, why);
                    }
                    last = why;
                    wait = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
                }
                Thread.sleep(wait.plusMillis(plan.random().nextLong(wait.toMillis() / 2)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            linked.remove(server);
        }
    }

    /** @return false when another tunnel leads to the same server */
    private boolean once() throws IOException, InterruptedException {
        try (Socket plain = new Socket()) {
            int port = server.getPort() < 0 ? 443 : server.getPort();
            plain.connect(new InetSocketAddress(server.getHost().replaceAll("[\\[\\]]", ""), port), CONNECT_MILLIS);
            plain.setSoTimeout(ANSWER_MILLIS);
            plain.setTcpNoDelay(true);
            SSLSocket tls = (SSLSocket) plan.tls().now().getSocketFactory().createSocket(plain, server.getHost().replaceAll("[\\[\\]]", ""), port, true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            Map<String, String> headers = new LinkedHashMap<>(Map.of("host", server.getAuthority(), "connection", "Upgrade", "upgrade", Head.TUNNEL));
            headers.put("manul-linked", String.join(",", linked.values()));
            new Head("GET /v1-k3s/connect HTTP/1.1", headers).write(tls.getOutputStream());
            InputStream in = tls.getInputStream();
            Head answer = Head.read(in);
            if (answer.status() == 409) {
                return false;
            }
            if (answer.status() != 101) {
                throw new IOException("it answered " + answer.start());
            }
            plain.setSoTimeout(0);
            run(new Tunnel(new Wire(in, tls.getOutputStream(), plain), this::dial), answer.headers().getOrDefault("manul-server", server.toString()));
            return true;
        }
    }

    private void run(Tunnel tunnel, String name) throws InterruptedException {
        linked.put(server, name);
        LOG.info("Tunnel to the server is open server={}", server);
        try (tunnel) {
            tunnel.start();
            LOG.info("Tunnel to the server was cut server={} why={}", server, tunnel.await());
        } finally {
            linked.remove(server);
            plan.lost().accept(server);
        }
    }

    private Optional<SocketChannel> dial(String room) throws IOException {
        if (!room.equals("kubelet")) {
            return Optional.empty();
        }
        SocketChannel c = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            c.connect(UnixDomainSocketAddress.of(plan.kubelet()));
            return Optional.of(c);
        } catch (IOException e) {
            c.close();
            throw e;
        }
    }
}
