package io.manul.network.dns.config;

import io.manul.network.dns.forward.Forwarder;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.zone.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the directives of one server block; what is not understood becomes a problem and is left out. */
final class BlockReader {

    /** Without a meaning here, or always so: passed over in silence. */
    private static final Set<String> SILENT = Set.of("loop", "reload", "loadbalance", "prometheus", "health", "ready", "bufsize", "minimal",
            "cancel", "timeouts");

    private final List<Name> zones;
    private final List<Problem> problems;
    private boolean log;
    private boolean errors;
    private int cacheSeconds;
    private int denialSeconds;
    private final List<Rewrite> rewrites = new ArrayList<>();
    private Hosts hosts = Hosts.NONE;
    private final List<Template> templates = new ArrayList<>();
    private final List<ForwardRule> forwards = new ArrayList<>();
    private String key = "";

    BlockReader(List<Name> zones, List<Problem> problems) {
        this.zones = zones;
        this.problems = problems;
    }

    void cache(int seconds, int denial) {
        cacheSeconds = seconds;
        denialSeconds = denial;
    }

    void errors() {
        errors = true;
    }

    /** What no rule covers goes to the node's own servers. */
    void forwardRest() {
        if (forwards.stream().noneMatch(f -> f.zone().equals(Name.ROOT))) {
            forwards.add(new ForwardRule(Name.ROOT, List.of(), List.of("/etc/resolv.conf"), Forwarder.Policy.RANDOM, false));
        }
    }

    Block block() {
        return new Block(List.copyOf(zones), log, errors, cacheSeconds, denialSeconds, List.copyOf(rewrites), hosts,
                List.copyOf(templates), List.copyOf(forwards));
    }

    void take(String from, Directive d) {
        key = from;
        try {
            directive(d);
        } catch (IllegalArgumentException e) {
            problem(d, "is left out: " + e.getMessage());
        }
    }

    private void directive(Directive d) {
        switch (d.name()) {
            case "log" -> log = true;
            case "errors" -> errors = true;
            case "cache" -> cache(d);
            case "hosts" -> hosts(d);
            case "rewrite" -> rewrite(d);
            case "template" -> template(d);
            case "forward" -> forward(d);
            default -> {
                if (!SILENT.contains(d.name())) {
                    problem(d, "is not understood and left out");
                }
            }
        }
    }

    private void problem(Directive d, String why) {
        problems.add(new Problem(key, d.line(), d.toString(), why));
    }

    private void cache(Directive d) {
        int seconds = d.arguments().isEmpty() ? 3600 : number(d.arguments().getFirst());
        if (seconds < 0) {
            problem(d, "has no number of seconds and is left out");
            return;
        }
        cacheSeconds = seconds;
        denialSeconds = Math.min(seconds, 1800);
        for (Directive i : d.inner()) {
            int ttl = i.words().size() > 2 ? number(i.words().get(2)) : -1;
            switch (i.name()) {
                case "success" -> cacheSeconds = ttl >= 0 ? ttl : cacheSeconds;
                case "denial" -> denialSeconds = ttl >= 0 ? ttl : denialSeconds;
                case "prefetch", "servfail", "serve_stale", "keepttl" -> problem(i, "is left out: answers are kept only for their time");
                default -> problem(i, "is not understood and left out");
            }
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
    }

    private void hosts(Directive d) {
        if (!d.arguments().isEmpty() && (d.arguments().getFirst().startsWith("/") || d.arguments().getFirst().contains("."))) {
            problem(d, "is left out: hosts are read from the lines in its braces only");
        }
        int ttl = 3600;
        boolean fallthrough = false;
        for (Directive i : d.inner()) {
            switch (i.name()) {
                case "ttl" -> ttl = i.words().size() == 2 && number(i.words().get(1)) > 0 ? number(i.words().get(1)) : ttl;
                case "fallthrough" -> fallthrough = true;
                default -> { }
            }
        }
        Hosts made = new Hosts(ttl, fallthrough);
        for (Directive i : d.inner()) {
            if (!Set.of("ttl", "fallthrough", "reload", "no_reverse").contains(i.name()) && (i.words().size() < 2 || !made.add(i.words()))) {
                problem(i, "is no address with names and is left out");
            }
        }
        hosts = made;
    }

    private void rewrite(Directive d) {
        List<String> w = new ArrayList<>(d.arguments());
        boolean more = !w.isEmpty() && w.getFirst().equals("continue");
        if (more || !w.isEmpty() && w.getFirst().equals("stop")) {
            w.removeFirst();
        }
        if (w.size() < 3 || !w.getFirst().equals("name")) {
            problem(d, "is left out: only names are rewritten");
            return;
        }
        w.removeFirst();
        Rewrite.Kind kind = Rewrite.Kind.EXACT;
        for (Rewrite.Kind k : Rewrite.Kind.values()) {
            if (w.size() > 2 && w.getFirst().equals(k.name().toLowerCase(Locale.ROOT))) {
                kind = k;
                w.removeFirst();
                break;
            }
        }
        try {
            rewrites.add(new Rewrite(more, kind, w.get(0).toLowerCase(Locale.ROOT), kind == Rewrite.Kind.REGEX ? Pattern.compile(w.get(0)) : null,
                    w.get(1)));
        } catch (PatternSyntaxException e) {
            problem(d, "has no regular expression and is left out: " + e.getDescription());
        }
    }

    private void template(Directive d) {
        List<String> w = d.arguments();
        int type = w.size() < 2 || w.get(1).equals("ANY") ? -1 : Type.of(w.get(1));
        if (w.size() < 2 || !w.get(0).matches("IN|ANY") || type < 0 && !w.get(1).equals("ANY")) {
            problem(d, "is left out: needs `template IN TYPE [ZONE...]` with a type that is known");
            return;
        }
        List<Pattern> matches = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        int code = Rcode.NOERROR;
        boolean fallthrough = false;
        for (Directive i : d.inner()) {
            String rest = String.join(" ", i.arguments());
            switch (i.name()) {
                case "match" -> i.arguments().forEach(a -> pattern(i, a, matches));
                case "answer" -> {
                    if (Template.understood(rest)) {
                        answers.add(rest);
                    } else {
                        problem(i, "is left out: of Go's templates only .Name, .Zone, .Class, .Type, index .Match and .Group are there");
                    }
                }
                case "rcode" -> code = rest.equals("NXDOMAIN") ? Rcode.NXDOMAIN : rest.equals("REFUSED") ? Rcode.REFUSED
                        : rest.equals("SERVFAIL") ? Rcode.SERVFAIL : Rcode.NOERROR;
                case "fallthrough" -> fallthrough = true;
                default -> problem(i, "is not understood and left out");
            }
        }
        if (matches.isEmpty()) {
            matches.add(Pattern.compile(".*"));
        }
        List<Name> in = w.size() > 2 ? w.subList(2, w.size()).stream().map(Name::of).toList() : zones;
        for (Name zone : in) {
            templates.add(new Template(zone, type, List.copyOf(matches), List.copyOf(answers), code, fallthrough));
        }
    }

    private void pattern(Directive d, String text, List<Pattern> matches) {
        try {
            matches.add(Pattern.compile(text.replace("(?P<", "(?<")));
        } catch (PatternSyntaxException e) {
            problem(d, "has no regular expression and is left out: " + e.getDescription());
        }
    }

    private void forward(Directive d) {
        if (d.arguments().size() < 2) {
            problem(d, "is left out: needs `forward ZONE SERVER...`");
            return;
        }
        List<String> to = new ArrayList<>();
        for (String t : d.arguments().subList(1, d.arguments().size())) {
            if (t.startsWith("/") || server(t)) {
                to.add(t.startsWith("dns://") ? t.substring(6) : t);
            } else {
                problem(d, "names a server that is no address, or not plain DNS: " + t);
            }
        }
        List<Name> except = new ArrayList<>();
        Forwarder.Policy policy = Forwarder.Policy.RANDOM;
        boolean tcp = false;
        for (Directive i : d.inner()) {
            switch (i.name()) {
                case "except" -> i.arguments().forEach(a -> except.add(Name.of(a)));
                case "force_tcp" -> tcp = true;
                case "policy" -> policy = switch (i.arguments().isEmpty() ? "" : i.arguments().getFirst()) {
                    case "round_robin" -> Forwarder.Policy.ROUND_ROBIN;
                    case "sequential" -> Forwarder.Policy.SEQUENTIAL;
                    default -> Forwarder.Policy.RANDOM;
                };
                case "prefer_udp", "expire", "max_fails", "health_check", "max_concurrent" -> { }
                default -> problem(i, "is not understood and left out");
            }
        }
        if (!to.isEmpty()) {
            forwards.add(new ForwardRule(Name.of(d.arguments().getFirst()), List.copyOf(except), List.copyOf(to), policy, tcp));
        }
    }

    private static boolean server(String text) {
        return Server.parse(text.startsWith("dns://") ? text.substring(6) : text).isPresent()
                && Addresses.parse(Server.host(text.startsWith("dns://") ? text.substring(6) : text)).isPresent();
    }
}
