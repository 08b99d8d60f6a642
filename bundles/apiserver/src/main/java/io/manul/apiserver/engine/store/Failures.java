package io.manul.apiserver.engine.store;

import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.DatastoreException;
import io.manul.json.Obj;
import java.util.List;

/** What the datastore refuses, as an answer to the client. */
public final class Failures {

    private Failures() {
    }

    public static ApiException of(DatastoreException e) {
        return switch (e.reason()) {
            case COMPACTED -> ApiException.expired("The resourceVersion for the provided list is too old.");
            case FUTURE_REVISION -> tooLarge(e.getMessage());
            case NO_SPACE -> new ApiException(507, "InternalError", "the object was not stored: the disk of the server is full ("
                    + e.getMessage() + "); free space in its data directory", null);
            case TOO_LARGE -> ApiException.tooLarge("the object was not stored: it is larger than 1.5 MiB");
            case LEASE_NOT_FOUND, UNAVAILABLE -> ApiException.unavailable("the datastore does not answer: " + e.getMessage());
        };
    }

    /** A resourceVersion from the future: the client may have talked to another server; it tries again. */
    public static ApiException tooLarge(String why) {
        return new ApiException(504, "Timeout", "Too large resource version: " + why, Obj.of(
                "causes", List.of(Obj.of("reason", "ResourceVersionTooLarge", "message", "Too large resource version")),
                "retryAfterSeconds", 1));
    }
}
