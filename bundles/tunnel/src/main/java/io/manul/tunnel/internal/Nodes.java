package io.manul.tunnel.internal;

import io.manul.api.http.NodeSocket;
import io.manul.tunnel.Head;
import io.manul.tunnel.Tunnel;
import io.manul.tunnel.Wire;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that are connected: a tunnel each, and a Unix socket each behind which the node's kubelet answers. What the listener
 * joins with {@code tunnel.sock} is a node's connection, authenticated by whoever joined it; the request line names the node.
 */
final class Nodes implements AutoCloseable {

    static final String KUBELET = "kubelet";
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private final Path runDir;
    private final Map<String, Connected> connected = new ConcurrentHashMap<>();
    private final ServerSocketChannel arrivals;

    private record Connected(Tunnel tunnel, ServerSocketChannel socket, Path path) {
    }

    Nodes(Path runDir) throws IOException {
        this.runDir = runDir;
        Path folder = Files.createDirectories(runDir.resolve("n"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> old = Files.list(folder)) {
            for (Path p : old.toList()) {
                Files.delete(p); // of a server that is no more
            }
        }
        arrivals = listen(address(runDir));
        Thread.ofVirtual().name("tunnel-arrivals").start(() -> accept(arrivals, this::arrived));
    }

    /** Where the listener joins what nodes have opened. */
    static UnixDomainSocketAddress address(Path runDir) {
        return UnixDomainSocketAddress.of(runDir.resolve("tunnel.sock"));
    }

    private static ServerSocketChannel listen(UnixDomainSocketAddress address) throws IOException {
        Files.deleteIfExists(address.getPath());
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address);
        Files.setPosixFilePermissions(address.getPath(), PosixFilePermissions.fromString("rw-------"));
        return server;
    }

    private interface Arrival {
        void take(SocketChannel connection) throws IOException;
    }

    private static void accept(ServerSocketChannel server, Arrival arrival) {
        try {
            for (;;) {
                SocketChannel c = server.accept();
                Thread.ofVirtual().name("tunnel-accept").start(() -> {
                    try {
                        arrival.take(c);
                    } catch (IOException e) {
                        LOG.debug("A connection to a node ended why={}", e.toString());
                        close(c);
                    }
                });
            }
        } catch (IOException e) {
            LOG.debug("No more connections are accepted why={}", e.toString()); // closed
        }
    }

    private static void close(SocketChannel c) {
        try {
            c.close();
        } catch (IOException e) {
            LOG.debug("A connection did not close well why={}", e.toString());
        }
    }

    private void arrived(SocketChannel c) throws IOException {
        Head head = Head.read(Channels.newInputStream(c));
        String node = head.start().split(" ")[1].replaceFirst("^/", "");
        Head.SWITCH.write(Channels.newOutputStream(c));
        Tunnel tunnel = new Tunnel(new Wire(Channels.newInputStream(c), Channels.newOutputStream(c), c), room -> Optional.empty());
        UnixDomainSocketAddress address = NodeSocket.of(runDir, node);
        ServerSocketChannel socket;
        synchronized (this) {
            Connected old = connected.remove(node);
            if (old != null) {
                end(node, old, "it connected again");
            }
            socket = listen(address);
            connected.put(node, new Connected(tunnel, socket, address.getPath()));
        }
        LOG.info("Node connected: its kubelet is reached through the tunnel node={}", node);
        Thread.ofVirtual().name("tunnel-node").start(() -> accept(socket, one -> tunnel.join(one, KUBELET)));
        tunnel.start();
        Thread.ofVirtual().name("tunnel-end").start(() -> awaitEnd(node, tunnel));
    }

    private void awaitEnd(String node, Tunnel tunnel) {
        try {
            String why = tunnel.await();
            synchronized (this) {
                Connected now = connected.get(node);
                if (now != null && now.tunnel == tunnel) {
                    connected.remove(node);
                    end(node, now, why);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(String node, Connected c, String why) {
        c.tunnel.close();
        try {
            c.socket.close();
            Files.deleteIfExists(c.path);
        } catch (IOException e) {
            LOG.warn("Socket of a node cannot be removed path={} why={}", c.path, e.toString());
        }
        LOG.info("Node is not connected any more node={} why={}", node, why);
    }

    /** A new connection to the node's kubelet. @throws NotConnected it has no tunnel to this server */
    SocketChannel dial(String node) throws IOException, NotConnected {
        if (!connected.containsKey(node)) {
            throw new NotConnected(node);
        }
        SocketChannel c = SocketChannel.open(StandardProtocolFamily.UNIX);
        c.connect(NodeSocket.of(runDir, node));
        return c;
    }

    boolean has(String node) {
        return connected.containsKey(node);
    }

    /** The node has not opened a tunnel to this server. */
    static final class NotConnected extends Exception {
        NotConnected(String node) {
            super("error dialing backend: node " + node + " is not connected to this server; is `manul agent` running there, and does it reach "
                    + "this server's port?", null, false, false);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        arrivals.close();
        Files.deleteIfExists(address(runDir).getPath());
        connected.forEach((node, c) -> end(node, c, "this server stops"));
        connected.clear();
    }
}
