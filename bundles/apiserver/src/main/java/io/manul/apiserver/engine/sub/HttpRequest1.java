package io.manul.apiserver.engine.sub;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** One HTTP/1.1 request on a connection of its own (RFC 9112), blocking: no pool, no thread, nothing that stays. */
final class HttpRequest1 implements AutoCloseable {

    private static final int CONNECT_MILLIS = 30_000;
    private static final int MOST_HEAD_BYTES = 64 << 10;

    /** The back-end did not take the request, or gave no answer. */
    static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1;

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Socket socket;
    private final int status;
    private final Map<String, List<String>> headers;
    private final long length;
    private final InputStream body;

    private HttpRequest1(Socket socket, InputStream in, boolean head) throws IOException {
        this.socket = socket;
        List<String> lines = head(in);
        while (lines.getFirst().matches("HTTP/1\\.[01] 1[0-9][0-9].*")) {
            lines = head(in); // 100 Continue and its like
        }
        status = status(lines.getFirst());
        headers = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("malformed header in the answer");
            }
            headers.computeIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        boolean nothing = head || status == 204 || status == 304;
        boolean chunked = headers.getOrDefault("transfer-encoding", List.of()).stream().anyMatch(v -> v.toLowerCase(Locale.ROOT).contains("chunked"));
        length = nothing ? 0 : chunked ? -1 : number();
        body = nothing ? InputStream.nullInputStream() : chunked ? new Chunked(in) : length >= 0 ? new Limited(in, length) : in;
    }

    static HttpRequest1 send(Proxy.Target to, String method, String target, Map<String, List<String>> headers, byte[] body) throws IOException {
        Socket socket = null;
        try {
            socket = open(to);
            StringBuilder head = new StringBuilder(512).append(method).append(' ').append(target).append(" HTTP/1.1\r\nhost: ")
                    .append(host(to.address())).append("\r\nconnection: close\r\n");
            headers.forEach((name, values) -> values.forEach(v -> head.append(name).append(": ").append(v).append("\r\n")));
            if (body.length > 0 || !method.equals("GET") && !method.equals("HEAD")) {
                head.append("content-length: ").append(body.length).append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length + 2);
            all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(body);
            all.writeTo(out);
            out.flush();
            return new HttpRequest1(socket, new BufferedInputStream(socket.getInputStream(), 16 << 10), method.equals("HEAD"));
        } catch (IOException e) {
            if (socket != null) {
                socket.close();
            }
            throw new Unreachable("dial tcp " + host(to.address()) + ": " + e.getMessage(), e);
        }
    }

    static String host(InetSocketAddress a) {
        String ip = a.getAddress().getHostAddress();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + a.getPort();
    }

    private static Socket open(Proxy.Target to) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(to.address(), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            if (!to.tls()) {
                return plain;
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, to.address().getAddress().getHostAddress(),
                    to.address().getPort(), true);
            tls.startHandshake();
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            plain.close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int left = MOST_HEAD_BYTES;
        for (String line = line(in, left);; line = line(in, left)) {
            left -= line.length() + 2;
            if (line.isEmpty()) {
                if (lines.isEmpty()) {
                    throw new IOException("no status line in the answer");
                }
                return lines;
            }
            lines.add(line);
        }
    }

    static String line(InputStream in, int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("EOF");
            }
            if (line.size() >= most) {
                throw new IOException("the head of the answer has more than " + MOST_HEAD_BYTES + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [2-5][0-9][0-9]( .*)?")) {
            throw new IOException("malformed HTTP response \"" + line.substring(0, Math.min(line.length(), 40)) + "\"");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private long number() throws IOException {
        List<String> given = headers.getOrDefault("content-length", List.of());
        if (given.isEmpty()) {
            return -1;
        }
        if (!given.getFirst().matches("[0-9]{1,18}")) {
            throw new IOException("malformed content-length in the answer");
        }
        return Long.parseLong(given.getFirst());
    }

    int status() {
        return status;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    /** -1: not known before the end. */
    long length() {
        return length;
    }

    InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
