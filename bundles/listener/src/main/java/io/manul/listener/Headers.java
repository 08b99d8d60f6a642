package io.manul.listener;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Checks what a handler wants in the head of its answer; it throws in the handler's own thread. */
final class Headers {

    /** Framing is the listener's business (RFC 9112 section 6, RFC 9113 section 8.2.2). */
    private static final Set<String> OURS =
            Set.of("connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private Headers() {
    }

    /** Lower-case names, without the framing headers. */
    static Map<String, String> checked(Map<String, String> headers) {
        Map<String, String> out = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!token(lower)) {
                throw new IllegalArgumentException("not a header name: \"" + name + "\"");
            }
            if (!value.chars().allMatch(c -> c == '\t' || c >= 0x20 && c != 0x7f && c <= 0xff)) {
                throw new IllegalArgumentException("value of header " + name + " has a control character or is not Latin-1");
            }
            if (!OURS.contains(lower)) {
                out.put(lower, value.strip());
            }
        });
        return out;
    }

    static int finalStatus(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("not a final HTTP status: " + status);
        }
        return status;
    }

    /** True for an answer that never has a body (RFC 9110 section 6.4.1). */
    static boolean bodiless(int status) {
        return status == 204 || status == 304;
    }

    /** RFC 9110 section 5.6.2. */
    static boolean token(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }
}
