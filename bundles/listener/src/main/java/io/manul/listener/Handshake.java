package io.manul.listener;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A client's wish for a WebSocket, and the answer to it (RFC 6455 section 4.2).
 *
 * @param accept   what the client's key comes to
 * @param protocol the subprotocol that is spoken; empty: none
 * @param obstacle why it cannot be had
 */
record Handshake(String accept, Optional<String> protocol, Optional<Status> obstacle) {

    /** Bytes as base64 in text frames; an answer in JSON lines is text anyway and is sent as it is, as upstream does. */
    static final String BASE64 = "base64.binary.k8s.io";

    private static final Set<String> SPOKEN = Set.of(BASE64, "binary.k8s.io");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    /** Empty when the client asks for something else; the answer is then an ordinary one. */
    static Optional<Handshake> of(Request request) {
        if (!request.method().equals("GET") || !request.asksForWebSocket()) {
            return Optional.empty();
        }
        List<String> keys = request.headers().getOrDefault("sec-websocket-key", List.of());
        Optional<String> protocol = protocols(request.headers()).filter(SPOKEN::contains).findFirst();
        if (!request.headers().getOrDefault("sec-websocket-version", List.of()).equals(List.of("13"))) {
            return Optional.of(impossible(Status.of(426, "this server speaks version 13 of the WebSocket protocol:"
                    + " send Sec-WebSocket-Version: 13")));
        }
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            return Optional.of(impossible(Status.of(400, "Sec-WebSocket-Key must be given once and be 16 bytes in base64")));
        }
        return Optional.of(new Handshake(accept(keys.getFirst()), protocol, Optional.empty()));
    }

    private static Handshake impossible(Status why) {
        return new Handshake("", Optional.empty(), Optional.of(why));
    }

    static Stream<String> protocols(Map<String, List<String>> headers) {
        return headers.getOrDefault("sec-websocket-protocol", List.of()).stream().flatMap(v -> Stream.of(v.split(",")))
                .map(String::strip).filter(p -> !p.isEmpty());
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    /** 101, with what the handler says in its head; only the content type is not HTTP's any more. */
    HttpResponse switching(Map<String, String> headers) {
        HttpResponse out = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        headers.forEach((name, value) -> {
            if (!name.equals("content-type") && !name.startsWith("sec-websocket-")) {
                out.headers().set(name, value);
            }
        });
        out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        out.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        out.headers().set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept);
        protocol.ifPresent(p -> out.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, p));
        return out;
    }
}
