package io.manul.apiserver.engine.verb;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A continue token: where a list goes on, and at which revision. Opaque to clients.
 *
 * @param revision -1: at whatever is current (after the list's revision was compacted)
 * @param start    first key, relative to the list's prefix
 */
record Continue(long revision, String start) {

    private static final String VERSION = "meta.k8s.io/v1";

    static Continue parse(String token) throws ApiException {
        try {
            Obj o = Obj.parse(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
            long revision = o.number("rv").orElse(0);
            String start = o.text("start");
            if (o.text("v").equals(VERSION) && revision != 0 && !start.isEmpty() && !start.contains("..")) {
                return new Continue(revision, start);
            }
        } catch (IllegalArgumentException | JsonException e) {
            throw bad();
        }
        throw bad();
    }

    private static ApiException bad() {
        return ApiException.badRequest("continue key is not valid: use the token of the list's metadata.continue unchanged");
    }

    String token() {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(Obj.of("v", VERSION, "rv", revision, "start", start).bytes());
    }
}
