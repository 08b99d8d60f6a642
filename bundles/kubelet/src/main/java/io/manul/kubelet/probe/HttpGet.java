package io.manul.kubelet.probe;

import io.manul.json.Obj;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One GET over a connection of its own, HTTP/1.1, as probes and hooks make it: certificates are not checked, redirects to the
 * same host are followed (Kubernetes, "Configure Liveness, Readiness and Startup Probes", "HTTP probes").
 */
final class HttpGet {

    private static final int MOST_BYTES = 10 << 10;
    private static final int MOST_REDIRECTS = 10;

    record Answer(int status, String body, Optional<String> location) {
    }

    private HttpGet() {
    }

    /** @param headers of {@code httpHeaders} */
    static Answer get(String scheme, String host, int port, String path, List<Obj> headers, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        String at = path.isEmpty() ? "/" : path.startsWith("/") ? path : "/" + path;
        Answer answer = once(scheme, host, port, at, headers, left(end));
        for (int i = 0; i < MOST_REDIRECTS && answer.status / 100 == 3 && answer.location.isPresent(); i++) {
            URI to;
            try {
                to = URI.create(at).resolve(answer.location.get());
            } catch (IllegalArgumentException e) {
                return answer;
            }
            if (to.getHost() != null && (!to.getHost().equals(host) || to.getPort() != port)) {
                return answer; // another host: counts as success with a warning upstream, and as what it is here
            }
            at = to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
            answer = once(scheme, host, port, at, headers, left(end));
        }
        return answer;
    }

    private static int left(long end) throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new IOException("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private static Answer once(String scheme, String host, int port, String path, List<Obj> headers, int millis) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            Socket socket = scheme.equalsIgnoreCase("HTTPS") ? secure(plain, host, port) : plain;
            socket.getOutputStream().write(request(host, port, path, headers));
            return read(socket.getInputStream());
        }
    }

    private static byte[] request(String host, int port, String path, List<Obj> headers) throws IOException {
        StringBuilder out = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
        List<String> named = new ArrayList<>();
        for (Obj h : headers) {
            String name = h.text("name");
            if ((name + h.text("value") + path).chars().anyMatch(c -> c == '\r' || c == '\n')) {
                throw new IOException("line break in a header or in the path");
            }
            named.add(name.toLowerCase(Locale.ROOT));
            out.append(name).append(": ").append(h.text("value")).append("\r\n");
        }
        if (!named.contains("host")) {
            out.append("Host: ").append(host.contains(":") ? "[" + host + "]" : host).append(':').append(port).append("\r\n");
        }
        if (!named.contains("user-agent")) {
            out.append("User-Agent: kube-probe/1.36\r\n");
        }
        if (!named.contains("accept")) {
            out.append("Accept: */*\r\n");
        }
        return out.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Answer read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[2048];
        for (int n = in.read(buffer); n >= 0 && bytes.size() < MOST_BYTES; n = in.read(buffer)) {
            bytes.write(buffer, 0, n);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        int body = text.indexOf("\r\n\r\n");
        String[] head = (body < 0 ? text : text.substring(0, body)).split("\r\n");
        String[] first = head[0].split(" ");
        if (first.length < 2 || !first[0].startsWith("HTTP/") || !first[1].matches("[0-9]{3}")) {
            throw new IOException("malformed HTTP response \"" + head[0].substring(0, Math.min(60, head[0].length())) + "\"");
        }
        Optional<String> location = Optional.empty();
        for (String line : head) {
            if (line.toLowerCase(Locale.ROOT).startsWith("location:")) {
                location = Optional.of(line.substring("location:".length()).strip());
            }
        }
        return new Answer(Integer.parseInt(first[1]), body < 0 ? "" : text.substring(body + 4), location);
    }

    private static Socket secure(Socket plain, String host, int port) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    /** A probe asks whether somebody answers, not who. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
