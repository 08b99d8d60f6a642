package io.manul.json;

/** Text that is not JSON, or is beyond the bounds; the message says what and where. */
public final class JsonException extends RuntimeException {
    public JsonException(String message) {
        super(message);
    }
}
