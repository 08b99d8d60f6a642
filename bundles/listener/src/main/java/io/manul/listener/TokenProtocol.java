package io.manul.listener;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bearer token as a WebSocket subprotocol: browsers cannot set an Authorization header there (Kubernetes, "WebSocket
 * bearer token protocol"). It is a credential: whoever reads the request finds it in the header where credentials are.
 */
final class TokenProtocol {

    static final String PREFIX = "base64url.bearer.authorization.k8s.io.";
    private static final String HEADER = "sec-websocket-protocol";

    private TokenProtocol() {
    }

    /** The request with its token as a header, and without it among the subprotocols. A given header is kept. */
    static Request taken(Request request) throws BadRequest {
        if (!request.asksForWebSocket()) {
            return request;
        }
        List<String> all = Handshake.protocols(request.headers()).toList();
        List<String> tokens = all.stream().filter(p -> p.startsWith(PREFIX)).toList();
        if (tokens.isEmpty()) {
            return request;
        }
        List<String> rest = all.stream().filter(p -> !p.startsWith(PREFIX)).toList();
        if (tokens.size() > 1) {
            throw new BadRequest(401, "several bearer tokens among the WebSocket subprotocols: send one");
        }
        if (rest.isEmpty()) {
            throw new BadRequest(401, "offer another WebSocket subprotocol (such as " + Handshake.BASE64
                    + ") beside the one with the bearer token");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
        headers.put(HEADER, List.of(String.join(", ", rest)));
        headers.putIfAbsent("authorization", List.of("Bearer " + token(tokens.getFirst())));
        return request.withHeaders(headers);
    }

    private static String token(String protocol) throws BadRequest {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(protocol.substring(PREFIX.length()));
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new BadRequest(401, "the bearer token among the WebSocket subprotocols is not base64url of UTF-8");
        }
    }
}
