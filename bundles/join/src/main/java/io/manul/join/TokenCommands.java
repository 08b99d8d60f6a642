package io.manul.join;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code manul token}, from the root-only socket of this server: GET lists, POST creates, DELETE deletes, PUT rotates the server's own. */
final class TokenCommands {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final List<String> USAGES = List.of("signing", "authentication");
    private static final String PREFIX = "bootstrap-token-";

    private final Pki pki;
    private final TokenFiles files;
    private final Cluster cluster;
    private final InstantSource clock;
    private final SecureRandom random;

    TokenCommands(Pki pki, TokenFiles files, Cluster cluster, InstantSource clock, SecureRandom random) {
        this.pki = pki;
        this.files = files;
        this.cluster = cluster;
        this.clock = clock;
        this.random = random;
    }

    void handle(Exchange x) throws Refused, ClusterException, InterruptedException, IOException {
        if (!(x.peer() instanceof Peer.Console)) {
            throw new Refused(404, "tokens are for the administrator of this machine");
        }
        Obj answer = switch (x.method()) {
            case "GET" -> list();
            case "POST" -> create(x);
            case "DELETE" -> delete(x.parameter("token").orElse(""));
            case "PUT" -> rotate(x);
            default -> throw new Refused(405, "there is no " + x.method() + " of tokens");
        };
        x.reply(200, JSON, answer.bytes());
    }

    private Obj list() throws ClusterException, InterruptedException {
        List<Obj> items = new ArrayList<>();
        for (Obj s : cluster.list(Resources.SECRETS, new Selection("kube-system", "", "type=" + BootstrapTokens.TYPE)).items()) {
            String usages = String.join(",", USAGES.stream().filter(u -> BootstrapTokens.data(s, "usage-bootstrap-" + u).equals("true")).toList());
            items.add(Obj.of("token", BootstrapTokens.data(s, "token-id") + "." + BootstrapTokens.data(s, "token-secret"),
                    "expires", BootstrapTokens.data(s, "expiration"), "usages", usages, "description", BootstrapTokens.data(s, "description"),
                    "groups", BootstrapTokens.data(s, "auth-extra-groups"),
                    "ttlSeconds", BootstrapTokens.expiry(s).map(e -> Math.max(0, Duration.between(clock.instant(), e).toSeconds())).orElse(-1L)));
        }
        return Obj.of("items", items);
    }

    private String word(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private Obj create(Exchange x) throws Refused, ClusterException, InterruptedException {
        String token = x.parameter("token").filter(t -> !t.isEmpty()).orElseGet(() -> word(6) + "." + word(16));
        if (!token.matches("[a-z0-9]{6}\\.[a-z0-9]{16}")) {
            throw new Refused(400, "the bootstrap token \"" + token + "\" was not of the form \"[a-z0-9]{6}.[a-z0-9]{16}\"");
        }
        long ttl = seconds(x.parameter("ttl").orElse("24h"));
        List<String> usages = parts(x.parameter("usages").orElse("signing,authentication"));
        for (String u : usages) {
            if (!USAGES.contains(u)) {
                throw new Refused(400, "invalid bootstrap token usage string: " + u + ", valid usage options: " + String.join(",", USAGES));
            }
        }
        List<String> groups = parts(x.parameter("groups").orElse(BootstrapTokens.NODES));
        for (String g : groups) {
            if (!g.matches("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]")) {
                throw new Refused(400, "bootstrap group \"" + g + "\" is invalid (must match system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9])");
            }
        }
        Obj data = Obj.of();
        data.put("token-id", encoded(token.substring(0, 6))).put("token-secret", encoded(token.substring(7)));
        usages.forEach(u -> data.put("usage-bootstrap-" + u, encoded("true")));
        if (ttl > 0) {
            data.put("expiration", encoded(clock.instant().plusSeconds(ttl).truncatedTo(ChronoUnit.SECONDS).toString()));
        }
        x.parameter("description").filter(d -> !d.isEmpty()).ifPresent(d -> data.put("description", encoded(d)));
        data.put("auth-extra-groups", encoded(String.join(",", groups)));
        String name = PREFIX + token.substring(0, 6);
        try {
            cluster.create(Resources.SECRETS, "kube-system", Obj.of("apiVersion", "v1", "kind", "Secret", "type", BootstrapTokens.TYPE,
                    "metadata", Obj.of("name", name, "namespace", "kube-system"), "data", data));
        } catch (ClusterException e) {
            if (e.alreadyExists()) {
                throw new Refused(409, "a token with id \"" + token.substring(0, 6) + "\" already exists");
            }
            throw e;
        }
        return Obj.of("token", CaHash.prefix(pki.serverCaPem()) + token);
    }

    private static List<String> parts(String list) {
        return Stream.of(list.split(",")).map(String::strip).filter(p -> !p.isEmpty()).toList();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Go's durations of hours, minutes and seconds; 0 is for ever. */
    static long seconds(String ttl) throws Refused {
        java.util.regex.Matcher m = java.util.regex.Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s)?").matcher(ttl);
        if (ttl.equals("0")) {
            return 0;
        }
        if (ttl.isEmpty() || !m.matches()) {
            throw new Refused(400, "--ttl " + ttl + ": must be a duration such as 24h, 90m or 1h30m; 0 for a token that does not expire");
        }
        long all = 0;
        int[] unit = {3600, 60, 1};
        for (int i = 0; i < unit.length; i++) {
            all += m.group(i + 1) == null ? 0 : Long.parseLong(m.group(i + 1)) * unit[i];
        }
        return all;
    }

    /** By the id, or the whole token in any form. */
    private Obj delete(String token) throws Refused, ClusterException, InterruptedException {
        String id = token.replaceFirst("^K10[0-9a-f]*::", "").replaceFirst("\\..*", "");
        if (!id.matches("[a-z0-9]{6}")) {
            throw new Refused(400, "given token or token id \"" + id + "\" is malformed; it must be like abcdef or abcdef.0123456789abcdef");
        }
        Optional<Obj> there = cluster.get(Resources.SECRETS, "kube-system", PREFIX + id);
        if (there.isEmpty()) {
            throw new Refused(404, "there is no bootstrap token \"" + id + "\"; `manul token list` shows those there are");
        }
        cluster.delete(Resources.SECRETS, "kube-system", PREFIX + id);
        return Obj.of("deleted", id);
    }

    private Obj rotate(Exchange x) throws Refused, IOException {
        String old = x.parameter("token").orElse("").replaceFirst("^K10[0-9a-f]*::", "").replaceFirst("^server:", "");
        if (!old.isEmpty() && !old.equals(files.serverPassword())) {
            throw Refused.unauthorized("--token is not the token of this server");
        }
        String next = x.parameter("new-token").filter(t -> !t.isEmpty()).orElseGet(files::fresh);
        if (!next.matches("[!-~]{8,512}") || next.contains("::") || next.startsWith("K10")) {
            throw new Refused(400, "--new-token: a token is 8 to 512 characters without blanks, in the short form");
        }
        files.rotate(next);
        return Obj.of("token", java.nio.file.Files.readString(files.token()).strip());
    }
}
