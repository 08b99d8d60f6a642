package io.manul.listener;

import io.manul.api.http.Peer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** A whole request, decoded. Header names are lower case. */
record Request(String method, String target, String path, Map<String, List<String>> query,
        Map<String, List<String>> headers, byte[] body, Peer peer) {

    /** @param headers taken over, by lower-case name */
    static Request of(String method, String rawTarget, Map<String, List<String>> headers, byte[] body, Peer peer)
            throws BadRequest {
        if (!Headers.token(method)) {
            throw new BadRequest(400, "the request's method is not a token");
        }
        String target = origin(rawTarget);
        int mark = target.indexOf('?');
        String path = decoded(mark < 0 ? target : target.substring(0, mark), false);
        return new Request(method, target, path, parameters(mark < 0 ? "" : target.substring(mark + 1)),
                Collections.unmodifiableMap(headers), body, peer);
    }

    /** The same request for another room; the credentials have done their work and go no further. */
    Request forwarded(String to, Peer.Internal as) throws BadRequest {
        Map<String, List<String>> rest = new LinkedHashMap<>(headers);
        rest.remove("authorization");
        return of(method, to, rest, body, as);
    }

    Request withTarget(String to) throws BadRequest {
        return of(method, to, headers, body, peer);
    }

    Request withHeaders(Map<String, List<String>> other) {
        return new Request(method, target, path, query, Collections.unmodifiableMap(other), body, peer);
    }

    /** WebSocket (RFC 6455) or SPDY/3.1; other upgrades (h2c) are not ours to make. */
    boolean asksForUpgrade() {
        return asksForWebSocket() || asksFor(p -> p.startsWith("spdy/"));
    }

    boolean asksForWebSocket() {
        return asksFor(p -> p.equals("websocket"));
    }

    private boolean asksFor(Predicate<String> protocol) {
        boolean connection = headers.getOrDefault("connection", List.of()).stream()
                .flatMap(v -> List.of(v.split(",")).stream()).anyMatch(t -> t.strip().equalsIgnoreCase("upgrade"));
        return connection && headers.getOrDefault("upgrade", List.of()).stream().map(v -> v.strip().toLowerCase(Locale.ROOT))
                .anyMatch(protocol);
    }

    /** Origin form; absolute form is accepted (RFC 9112 section 3.2). */
    private static String origin(String target) throws BadRequest {
        String at = target;
        int scheme = at.indexOf("://");
        if (!at.startsWith("/") && scheme > 0) {
            int slash = at.indexOf('/', scheme + 3);
            at = slash < 0 ? "/" : at.substring(slash);
        }
        if (!at.startsWith("/") || !at.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#')) {
            throw new BadRequest(400, "the request's target is not a path beginning with '/'");
        }
        return at;
    }

    private static Map<String, List<String>> parameters(String query) throws BadRequest {
        Map<String, List<String>> out = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int is = pair.indexOf('=');
                out.computeIfAbsent(decoded(is < 0 ? pair : pair.substring(0, is), true), k -> new ArrayList<>(1))
                        .add(is < 0 ? "" : decoded(pair.substring(is + 1), true));
            }
        }
        return Collections.unmodifiableMap(out);
    }

    private static String decoded(String text, boolean plusIsSpace) throws BadRequest {
        if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
            return text;
        }
        try {
            String plain = URLDecoder.decode(plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (plain.indexOf('\0') >= 0) {
                throw new BadRequest(400, "the request's target has a zero byte");
            }
            return plain;
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, "the request's target has a malformed percent escape");
        }
    }
}
