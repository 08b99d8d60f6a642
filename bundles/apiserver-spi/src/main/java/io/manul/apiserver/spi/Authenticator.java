package io.manul.apiserver.spi;

import io.manul.api.http.Exchange;

/** Finds out who asks. Safe from any thread. */
public interface Authenticator {
    /** @throws ApiException 401 for credentials that are there and wrong; without any the user is system:anonymous */
    User authenticate(Exchange exchange) throws ApiException;
}
