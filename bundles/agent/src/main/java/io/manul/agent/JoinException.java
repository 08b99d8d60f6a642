package io.manul.agent;

/** The server refuses this node, or is not the one that the token is for: trying again changes nothing. */
public final class JoinException extends Exception {
    JoinException(String message) {
        super(message);
    }
}
