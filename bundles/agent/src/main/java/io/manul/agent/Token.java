package io.manul.agent;

import java.util.Base64;
import java.nio.charset.StandardCharsets;

/**
 * A join token as k3s has it: {@code K10<hash of the CA>::<user>:<password>}, the same with a bootstrap token, or the short
 * form, a password or bootstrap token alone, with which the first CA that comes is trusted.
 *
 * @param caHash hexadecimal SHA-256; empty in the short form
 * @param user   empty for a bootstrap token
 */
public record Token(String caHash, String user, String password) {

    private static final String PREFIX = "K10";
    private static final int HASH = 64;
    static final String BOOTSTRAP = "[a-z0-9]{6}\\.[a-z0-9]{16}";

    /** @throws IllegalArgumentException in k3s's words */
    public static Token parse(String text) {
        String token = text.strip();
        String hash = "";
        if (token.startsWith(PREFIX)) {
            int colons = token.indexOf("::");
            hash = colons < 0 ? "" : token.substring(PREFIX.length(), colons);
            if (!hash.matches("[0-9a-f]{" + HASH + "}")) {
                throw new IllegalArgumentException("invalid token format: K10 must be followed by the " + HASH
                        + " hexadecimal digits of the CA's hash, two colons and the credentials; copy the whole line of the server's file server/node-token");
            }
            token = token.substring(colons + 2);
        }
        if (token.matches(BOOTSTRAP)) {
            return new Token(hash, "", token);
        }
        int colon = token.indexOf(':');
        if (hash.isEmpty() && colon < 0) {
            return of(hash, "node", token);
        }
        if (colon < 0) {
            throw new IllegalArgumentException("invalid token format: after the two colons comes USER:PASSWORD or a bootstrap token");
        }
        return of(hash, token.substring(0, colon), token.substring(colon + 1));
    }

    private static Token of(String hash, String user, String password) {
        if (user.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException("invalid token format: it has no " + (user.isEmpty() ? "user" : "password"));
        }
        return new Token(hash, user, password);
    }

    /** Value of the header Authorization. */
    String authorization() {
        return user.isEmpty() ? "Bearer " + password
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing of the password. */
    @Override
    public String toString() {
        return "token of " + (user.isEmpty() ? "bootstrap " + password.substring(0, password.indexOf('.')) : user);
    }
}
