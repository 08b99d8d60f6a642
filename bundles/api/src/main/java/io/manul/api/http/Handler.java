package io.manul.api.http;

import org.osgi.annotation.versioning.ConsumerType;

/** What a room that answers requests offers: it sees a request and writes a response, blocking, on a virtual thread. */
@ConsumerType
public interface Handler {
    /**
     * Answers one exchange. An exception that leaves it counts as a failure of this version: during a probation an
     * untouched exchange is run again on the previous version, else the client sees a 500.
     */
    void handle(Exchange exchange) throws Exception;
}
