package io.manul.apiserver.spi;

/** Decides whether a request may go on. Safe from any thread. */
public interface Authorizer {
    Decision authorize(Attributes attributes);
}
