package io.manul.apiserver.auth.authn;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bearer tokens {@code ID.SECRET} of Secrets {@code bootstrap-token-ID} in kube-system (Kubernetes, "Authenticating with Bootstrap
 * Tokens"): user {@code system:bootstrap:ID}, group {@code system:bootstrappers} and those that the Secret adds.
 */
final class BootstrapTokens {

    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String TYPE = "bootstrap.kubernetes.io/token";

    private final Reader reader;
    private final InstantSource clock;

    BootstrapTokens(Reader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    static boolean looksLike(String token) {
        return TOKEN.matcher(token).matches();
    }

    Optional<User> verify(String token) throws ApiException {
        Matcher m = TOKEN.matcher(token);
        if (!m.matches()) {
            return Optional.empty();
        }
        Optional<Obj> secret = reader.get("", "secrets", "kube-system", "bootstrap-token-" + m.group(1));
        return secret.filter(s -> valid(s, m.group(1), m.group(2))).map(s -> user(s, m.group(1)));
    }

    private boolean valid(Obj secret, String id, String password) {
        return secret.text("type").equals(TYPE) && !secret.deleting() && data(secret, "token-id").equals(id)
                && MessageDigest.isEqual(data(secret, "token-secret").getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8))
                && data(secret, "usage-bootstrap-authentication").equals("true") && !expired(data(secret, "expiration"))
                && groups(secret).stream().allMatch(g -> GROUP.matcher(g).matches());
    }

    /** One that cannot be read has ended. */
    private boolean expired(String end) {
        try {
            return !end.isEmpty() && !OffsetDateTime.parse(end).toInstant().isAfter(clock.instant());
        } catch (DateTimeException e) {
            return true;
        }
    }

    private static List<String> groups(Obj secret) {
        String text = data(secret, "auth-extra-groups");
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    private static User user(Obj secret, String id) {
        List<String> groups = new ArrayList<>(List.of("system:bootstrappers"));
        groups.addAll(groups(secret));
        return new User("system:bootstrap:" + id, groups);
    }

    private static String data(Obj secret, String key) {
        try {
            return new String(Base64.getDecoder().decode(secret.text("data", key)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // nothing that a token could be
        }
    }
}
