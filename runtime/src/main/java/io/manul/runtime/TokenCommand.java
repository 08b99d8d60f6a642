package io.manul.runtime;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code manul token create|list|delete|generate|rotate} (K3S.md 1.7), asked of the running server by its root-only socket. */
final class TokenCommand {

    static final String HELP = """
            manul token - tokens with which nodes join

            Usage: manul token create [TOKEN] [--ttl 24h] [--description TEXT] [--groups LIST] [--usages LIST]
                   manul token list
                   manul token delete TOKEN-OR-ID...
                   manul token generate
                   manul token rotate [--token OLD] [--new-token NEW]

              create     a bootstrap token, kept as a Secret of kube-system; prints it with the hash of this cluster's CA
                --ttl          how long it is good for: 24h, 90m, ...; 0 for ever (default 24h)
                --description  what it is for
                --groups       what its bearers are (default system:bootstrappers:k3s:default-node-token: may join as nodes)
                --usages       signing, authentication, or both (default)
              list       those there are
              delete     removes them; nodes that have joined stay
              generate   prints a token and keeps nothing
              rotate     gives the server another token; nodes that have joined stay. A server that is started with --token
                         must be started with the new one from then on

            Each takes --data-dir DIR and -o json, and runs on the machine of the server, as root.
            """;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private Path dataDir = ConsoleCommands.dataDir();
    private boolean json;
    private final Map<String, String> flags = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    int run(List<String> arguments) throws UsageException {
        if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(HELP);
            return 0;
        }
        String command = arguments.getFirst();
        List<String> known = switch (command) {
            case "create" -> List.of("ttl", "description", "groups", "usages");
            case "rotate" -> List.of("token", "new-token");
            case "list", "delete", "generate" -> List.of();
            default -> throw new UsageException("unknown command \"token " + command + "\"; see `manul token --help`");
        };
        parse(arguments.subList(1, arguments.size()), known);
        if (words.size() > (command.equals("create") ? 1 : command.equals("delete") ? 100 : 0)) {
            throw new UsageException("unexpected argument \"" + words.getLast() + "\"; see `manul token --help`");
        }
        return switch (command) {
            case "generate" -> say(word(6) + "." + word(16));
            case "list" -> list();
            case "delete" -> delete();
            case "rotate" -> rotate();
            default -> create();
        };
    }

    private void parse(List<String> given, List<String> known) throws UsageException {
        List<String> all = given.stream().flatMap(a -> a.startsWith("--") && a.contains("=") ? Stream.of(a.split("=", 2)) : Stream.of(a)).toList();
        for (int i = 0; i < all.size(); i++) {
            String a = all.get(i);
            if (!a.startsWith("-")) {
                words.add(a);
                continue;
            }
            String name = a.replaceFirst("^--?", "").replaceFirst("^t$", "token").replaceFirst("^output$", "o").replaceFirst("^d$", "data-dir");
            boolean mine = name.equals("data-dir") || name.equals("o") || known.contains(name);
            if (!mine) {
                throw new UsageException("unknown flag " + a + "; see `manul token --help`");
            }
            if (i + 1 >= all.size()) {
                throw new UsageException(a + " needs a value");
            }
            String value = all.get(++i);
            if (name.equals("o") && !value.equals("json") && !value.equals("text")) {
                throw new UsageException("-o " + value + ": only json");
            }
            switch (name) {
                case "o" -> json = value.equals("json");
                case "data-dir" -> dataDir = Path.of(value).toAbsolutePath().normalize();
                default -> flags.put(name, value);
            }
        }
    }

    private static String word(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static int say(String text) {
        System.out.println(text);
        return 0;
    }

    private Optional<Obj> ask(String method, Map<String, String> parameters) throws UsageException {
        List<String> query = new ArrayList<>();
        parameters.forEach((k, v) -> query.add(k + "=" + URLEncoder.encode(v, StandardCharsets.UTF_8)));
        ConsoleClient.Answer answer = new ConsoleClient(dataDir).ask(method, "/tokens" + (query.isEmpty() ? "" : "?" + String.join("&", query)));
        if (answer.status() == 200) {
            return Optional.of(answer.body());
        }
        System.err.println("manul: " + answer.body().text("message"));
        return Optional.empty();
    }

    private int create() throws UsageException {
        Map<String, String> parameters = new LinkedHashMap<>(flags);
        if (!words.isEmpty()) {
            parameters.put("token", words.getFirst());
        }
        Optional<Obj> made = ask("POST", parameters);
        return made.isEmpty() ? 1 : say(json ? Json.text(made.get()) : made.get().text("token"));
    }

    private int rotate() throws UsageException {
        Optional<Obj> made = ask("PUT", flags);
        return made.isEmpty() ? 1 : say(json ? Json.text(made.get()) : "Token rotated; from now on nodes join with\n" + made.get().text("token"));
    }

    private int delete() throws UsageException {
        if (words.isEmpty()) {
            throw new UsageException("missing argument; 'token delete' is missing token");
        }
        int code = 0;
        for (String token : words) {
            Optional<Obj> gone = ask("DELETE", Map.of("token", token));
            code = gone.isEmpty() ? 1 : code;
            gone.ifPresent(g -> say(json ? Json.text(g) : "bootstrap token \"" + g.text("deleted") + "\" deleted"));
        }
        return code;
    }

    private int list() throws UsageException {
        Optional<Obj> all = ask("GET", Map.of());
        if (all.isEmpty()) {
            return 1;
        }
        if (json) {
            return say(Json.text(all.get().objects("items")));
        }
        String row = "%-23s  %-11s  %-20s  %-22s  %-30s  %s%n";
        System.out.printf(Locale.ROOT, row, "TOKEN", "TTL", "EXPIRES", "USAGES", "DESCRIPTION", "EXTRA GROUPS");
        for (Obj t : all.get().objects("items")) {
            long ttl = t.number("ttlSeconds").orElse(-1);
            System.out.printf(Locale.ROOT, row, t.text("token"), ttl < 0 ? "<forever>" : ttl == 0 ? "<invalid>" : ttl / 3600 + "h" + ttl % 3600 / 60 + "m",
                    or(t.text("expires"), "<never>"), or(t.text("usages"), "<none>"), or(t.text("description"), "<none>"), or(t.text("groups"), "<none>"));
        }
        return 0;
    }

    private static String or(String text, String other) {
        return text.isEmpty() ? other : text;
    }
}
