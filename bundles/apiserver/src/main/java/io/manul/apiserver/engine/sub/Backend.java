package io.manul.apiserver.engine.sub;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.apiserver.spi.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Passes one request on to a back-end and its answer back. Safe from any thread. */
final class Backend {

    /** RFC 9110, 7.6.1, and what is this server's and not the back-end's. */
    private static final Set<String> HOP = Set.of("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
            "transfer-encoding", "upgrade", "accept-encoding", "content-length", "host", "expect",
            "authorization", "proxy-connection", "http2-settings");
    private static final int WHOLE_BYTES = 256 << 10;
    private static final int PAGE_BYTES = 4 << 20;
    private static final int MOST_BYTES = 64 << 20;
    private static final int CHUNK_BYTES = 16 << 10;

    /** @param prefix path of this API before the back-end's, for redirects */
    void pass(Exchange x, Proxy.Target target, String rest, String prefix) throws Exception {
        if (!x.method().equals("GET") && !x.method().equals("HEAD")) {
            x.touched(); // the back-end may act on it
        }
        try (HttpRequest1 sent = HttpRequest1.send(target, x.method(), rest, headers(x, prefix), x.body())) {
            answer(x, target, sent, prefix);
        } catch (HttpRequest1.Unreachable e) {
            throw ApiException.unavailable("error trying to reach service: " + e.getMessage());
        }
    }

    private static Map<String, List<String>> headers(Exchange x, String prefix) {
        Map<String, List<String>> out = new LinkedHashMap<>();
        x.headers().forEach((name, values) -> {
            if (!HOP.contains(name) && !name.startsWith(":") && !name.startsWith("x-forwarded-") && !name.startsWith("impersonate-")
                    && !name.startsWith("x-remote-")) {
                out.put(name, values);
            }
        });
        if (x.peer() instanceof Peer.Remote remote && remote.address().lastIndexOf(':') > 0) {
            out.put("x-forwarded-for", List.of(remote.address().substring(0, remote.address().lastIndexOf(':'))));
        }
        x.header("host").ifPresent(h -> out.put("x-forwarded-host", List.of(h)));
        out.put("x-forwarded-proto", List.of("https"));
        out.put("x-forwarded-uri", List.of(prefix));
        return out;
    }

    private static void answer(Exchange x, Proxy.Target target, HttpRequest1 sent, String prefix) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        sent.headers().forEach((name, values) -> {
            if (!HOP.contains(name)) {
                headers.put(name, values.stream().collect(Collectors.joining(", ")));
            }
        });
        Links links = new Links(HttpRequest1.host(target.address()), prefix);
        headers.computeIfPresent("location", (k, v) -> links.link(v));
        long length = sent.length();
        boolean page = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT).startsWith("text/html") && length <= PAGE_BYTES
                && !headers.containsKey("content-encoding");
        if (page && length != 0 && !x.method().equals("HEAD")) {
            String html = new String(whole(sent.body()), StandardCharsets.ISO_8859_1); // bytes stay bytes
            x.reply(sent.status(), headers, links.page(html).getBytes(StandardCharsets.ISO_8859_1));
        } else if (x.method().equals("HEAD") || length == 0) {
            x.reply(sent.status(), headers, new byte[0]);
        } else if (length > 0 && length <= WHOLE_BYTES || !x.method().equals("GET")) {
            x.reply(sent.status(), headers, whole(sent.body()));
        } else {
            stream(x, sent, headers);
        }
    }

    private static byte[] whole(InputStream body) throws IOException, ApiException {
        byte[] all = body.readNBytes(MOST_BYTES + 1);
        if (all.length > MOST_BYTES) {
            throw ApiException.internal("the back-end's answer has more than " + (MOST_BYTES >> 20) + " MiB");
        }
        return all;
    }

    /** Only reads are passed on as they come: another version could not go on with them, and does not begin them again. */
    private static void stream(Exchange x, HttpRequest1 sent, Map<String, String> headers) throws Exception {
        ResumableStream out = x.stream(sent.status(), headers);
        if (out.cursor().isPresent()) {
            throw new IOException("the API server was replaced while the answer of a back-end came through it: send the request again");
        }
        byte[] buffer = new byte[CHUNK_BYTES];
        for (int n = out.idle(() -> sent.body().read(buffer)); n >= 0; n = out.idle(() -> sent.body().read(buffer))) {
            out.emit(Arrays.copyOf(buffer, n), "proxy");
        }
        out.end();
    }
}
