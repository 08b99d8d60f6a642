package io.manul.runtime;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code components}, {@code swap}, {@code status}: what asks a running server. */
final class ConsoleCommands {

    private Path dataDir = dataDir();
    private boolean json;
    private String to = "";
    private String probation = "";
    private final List<String> words = new ArrayList<>();

    /** As the server's, which may have it from the environment. */
    static Path dataDir() {
        return Path.of(Stream.of("MANUL_DATA_DIR", "K3S_DATA_DIR").map(System.getenv()::get).filter(v -> v != null && !v.isEmpty())
                .findFirst().orElse("/var/lib/manul")).toAbsolutePath().normalize();
    }

    private ConsoleCommands parse(List<String> given) throws UsageException {
        List<String> arguments = given.stream().flatMap(a -> a.startsWith("--") && a.contains("=") ? Stream.of(a.split("=", 2)) : Stream.of(a)).toList();
        for (int i = 0; i < arguments.size(); i++) {
            String a = arguments.get(i);
            switch (a) {
                case "--data-dir", "-d" -> dataDir = Path.of(value(arguments, ++i, a)).toAbsolutePath().normalize();
                case "--to" -> to = Path.of(value(arguments, ++i, a)).toAbsolutePath().toString();
                case "--probation" -> probation = value(arguments, ++i, a);
                case "-o" -> {
                    if (!value(arguments, ++i, a).equals("json")) {
                        throw new UsageException("-o " + arguments.get(i) + ": only json");
                    }
                    json = true;
                }
                default -> {
                    if (a.startsWith("-")) {
                        throw new UsageException("unknown flag " + a + "; see --help");
                    }
                    words.add(a);
                }
            }
        }
        return this;
    }

    private static String value(List<String> arguments, int i, String flag) throws UsageException {
        if (i >= arguments.size()) {
            throw new UsageException(flag + " needs a value");
        }
        return arguments.get(i);
    }

    static int components(List<String> arguments) throws UsageException {
        ConsoleCommands c = new ConsoleCommands().parse(arguments);
        Obj answer = c.ask("GET", "/components");
        if (c.json) {
            System.out.println(Json.text(answer));
        } else {
            table(answer.objects("items"));
        }
        return 0;
    }

    static int status(List<String> arguments) throws UsageException {
        ConsoleCommands c = new ConsoleCommands().parse(arguments);
        Obj s = c.ask("GET", "/status");
        if (c.json) {
            System.out.println(Json.text(s));
            return 0;
        }
        System.out.printf(Locale.ROOT, "Node        %s%nVersion     %s%nServer      %s%nKubeconfig  %s%nProcess     %d, up %s%nHeap        %d of %d MB%n%n",
                s.text("node"), s.text("version"), s.text("server"), s.text("kubeconfig"), s.number("pid").orElse(0),
                age(s.number("upSeconds").orElse(0)), s.number("heapUsedBytes").orElse(0) >> 20, s.number("heapMaxBytes").orElse(0) >> 20);
        table(s.objects("components"));
        return 0;
    }

    static int swap(List<String> arguments) throws UsageException {
        ConsoleCommands c = new ConsoleCommands().parse(arguments);
        if (c.words.size() != 1) {
            throw new UsageException("usage: manul swap NAME [--to FILE.jar]");
        }
        String target = "/swap?name=" + encode(c.words.getFirst()) + (c.to.isEmpty() ? "" : "&to=" + encode(c.to))
                + (c.probation.isEmpty() ? "" : "&probation=" + encode(c.probation));
        ConsoleClient.Answer answer = new ConsoleClient(c.dataDir).ask("POST", target);
        Obj b = answer.body();
        if (answer.status() != 200) {
            System.err.println("manul: not swapped: " + b.text("message"));
            return 1;
        }
        if (c.json) {
            System.out.println(Json.text(b));
        } else {
            System.out.printf(Locale.ROOT, "%s %s -> %s (flip %.2f ms, pause %.1f ms, %d streams moved)%n", b.text("name"), b.text("from"),
                    b.text("to"), (double) b.get("flipMillis"), (double) b.get("pauseMillis"), b.number("streamsMoved").orElse(0));
            b.string("remark").ifPresent(System.out::println);
        }
        return 0;
    }

    private Obj ask(String method, String target) throws UsageException {
        if (!words.isEmpty()) {
            throw new UsageException("unexpected argument \"" + words.getFirst() + "\"");
        }
        ConsoleClient.Answer answer = new ConsoleClient(dataDir).ask(method, target);
        if (answer.status() != 200) {
            throw new UsageException("the server answered " + answer.status() + ": " + answer.body().text("message"));
        }
        return answer.body();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static void table(List<Obj> items) {
        int name = Math.max(4, items.stream().mapToInt(i -> i.text("name").length()).max().orElse(0));
        int version = Math.max(7, items.stream().mapToInt(i -> i.text("version").length()).max().orElse(0));
        String row = "%-" + name + "s  %-" + version + "s  %-9s  %s%n";
        System.out.printf(row, "NAME", "VERSION", "STATE", "SINCE");
        Instant now = Instant.now();
        items.forEach(i -> System.out.printf(row, i.text("name"), i.text("version"), i.text("state"),
                age(Duration.between(Instant.parse(i.text("since")), now).toSeconds()) + i.string("message").map(m -> "  " + m).orElse("")));
    }

    private static String age(long seconds) {
        return seconds < 120 ? seconds + "s" : seconds < 7200 ? seconds / 60 + "m" + seconds % 60 + "s"
                : seconds < 172800 ? seconds / 3600 + "h" + seconds % 3600 / 60 + "m" : seconds / 86400 + "d";
    }
}
