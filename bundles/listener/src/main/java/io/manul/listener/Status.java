package io.manul.listener;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The listener's own answers, as Kubernetes clients expect them (API reference, meta/v1 Status). */
record Status(int code, String reason, String message) {

    static Status of(int code, String message) {
        return new Status(code, switch (code) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 408 -> "Timeout";
            case 413 -> "RequestEntityTooLarge";
            case 429 -> "TooManyRequests";
            case 500 -> "InternalError";
            case 503 -> "ServiceUnavailable";
            default -> "";
        }, message);
    }

    /** Nobody serves just now, the same request may succeed soon. */
    static Status unavailable(String message) {
        return of(503, message);
    }

    Map<String, String> headers() {
        return switch (code) {
            case 429, 503 -> Map.of("content-type", "application/json", "retry-after", "1");
            case 426 -> Map.of("content-type", "application/json", "upgrade", "websocket", "connection", "upgrade",
                    "sec-websocket-version", "13");
            default -> Map.of("content-type", "application/json");
        };
    }

    byte[] body() {
        String named = reason.isEmpty() ? "" : ",\"reason\":\"" + reason + "\"";
        return ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\""
                + escaped(message) + "\"" + named + ",\"code\":" + code + "}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
