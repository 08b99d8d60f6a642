package io.manul.tunnel.internal;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.NodeSocket;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.json.Obj;
import io.manul.tunnel.Head;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The room {@value NodeSocket#ROOM}: takes exchanges that the API server has authorized to the kubelet of the node that the path
 * begins with. An upgrade is joined with the node's socket by the listener; any other answer is passed on as it comes.
 */
final class NodesHandler implements Handler {

    private static final Set<String> HOP = Set.of("host", "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade",
            "authorization", "proxy-authorization", "expect", "accept-encoding");
    private static final int WHOLE = 64 << 10;

    private final Path runDir;
    private final Nodes nodes;

    NodesHandler(Path runDir, Nodes nodes) {
        this.runDir = runDir;
        this.nodes = nodes;
    }

    @Override
    public void handle(Exchange x) throws Exception {
        int slash = x.target().indexOf('/', 1);
        if (!(x.peer() instanceof Peer.Internal) || slash < 0) {
            refuse(x, 404, "NotFound", "the server could not find the requested resource");
            return;
        }
        String node = x.path().substring(1, x.path().indexOf('/', 1));
        String target = x.target().substring(slash);
        if (x.upgrade()) {
            if (nodes.has(node)) {
                x.touched();
                x.splice(NodeSocket.of(runDir, node), target);
            } else {
                refuse(x, 502, "", new Nodes.NotConnected(node).getMessage());
            }
            return;
        }
        proxy(x, node, target);
    }

    private void proxy(Exchange x, String node, String target) throws Exception {
        try (SocketChannel c = nodes.dial(node)) {
            x.touched();
            send(x, target, Channels.newOutputStream(c));
            InputStream in = new BufferedInputStream(Channels.newInputStream(c), 16 << 10);
            Head head = Limited.read(c, in);
            try (Chunks body = new Chunks(in, head, x.method().equals("HEAD") || head.status() == 204 || head.status() == 304)) {
                answer(x, head, body);
            }
        } catch (Nodes.NotConnected e) {
            refuse(x, 502, "", e.getMessage());
        } catch (IOException e) {
            refuse(x, 502, "", "error dialing backend: the kubelet of node " + node + " did not answer through the tunnel: " + e.getMessage());
        }
    }

    private static void send(Exchange x, String target, OutputStream out) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", "localhost");
        headers.put("connection", "close");
        x.headers().forEach((name, values) -> {
            if (!HOP.contains(name)) {
                headers.put(name, String.join(",", values));
            }
        });
        if (x.body().length > 0) {
            headers.put("content-length", String.valueOf(x.body().length));
        }
        new Head(x.method() + " " + target + " HTTP/1.1", headers).write(out);
        out.write(x.body());
        out.flush();
    }

    private static void answer(Exchange x, Head head, InputStream body) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>(head.headers());
        HOP.forEach(headers::remove);
        String length = head.headers().getOrDefault("content-length", "");
        if (!length.isEmpty() && Long.parseLong(length) <= WHOLE) {
            x.reply(head.status(), headers, body.readAllBytes());
            return;
        }
        ResumableStream stream = x.stream(head.status(), headers);
        if (stream.cursor().isPresent()) { // begun by a JVM that is no more: cannot be
            stream.end();
            return;
        }
        byte[] buffer = new byte[16 << 10];
        try {
            for (int n = read(stream, body, buffer); n >= 0; n = read(stream, body, buffer)) {
                stream.emit(Arrays.copyOf(buffer, n), "");
            }
        } catch (IOException e) {
            // the answer has begun: nothing more can be said on it
            org.slf4j.LoggerFactory.getLogger(NodesHandler.class).info("An answer from a node broke off path={} why={}", x.path(), e.getMessage());
        }
        stream.end();
    }

    private static int read(ResumableStream stream, InputStream body, byte[] buffer) throws Exception {
        return stream.idle(() -> body.read(buffer));
    }

    private static void refuse(Exchange x, int code, String reason, String message) {
        Obj status = Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure", "message", message, "code", code);
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        x.reply(code, Map.of("content-type", "application/json"), status.bytes());
    }
}
