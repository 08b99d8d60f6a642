package io.manul.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Reads the command line and the environment of a command: flag name to its values. */
final class ServerFlags {

    private final FlagSet known;
    private final Consumer<String> warn;

    ServerFlags(FlagSet known, Consumer<String> warn) {
        this.known = known;
        this.warn = warn;
    }

    /** {@code --name value}, {@code --name=value}, {@code -c value}; a LIST may repeat or hold commas. */
    Map<String, List<String>> commandLine(List<String> arguments) throws UsageException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-") || argument.equals("-")) {
                throw new UsageException("unexpected argument \"" + argument + "\"; see `" + known.command() + " --help`");
            }
            String body = argument.replaceFirst("^--?", "");
            int eq = body.indexOf('=');
            String name = eq < 0 ? body : body.substring(0, eq);
            boolean takesNext = eq < 0 && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-");
            if (known.withoutMeaning().containsKey(name)) {
                warn.accept("--" + name + " has no meaning here: " + known.withoutMeaning().get(name));
                i += takesNext ? 1 : 0;
                continue;
            }
            Flag flag = known.find(name).orElseThrow(() -> unknown(known, "--" + name, name));
            String value;
            if (eq >= 0) {
                value = body.substring(eq + 1);
            } else if (flag.kind() == Flag.Kind.SWITCH) {
                value = "true";
            } else if (i + 1 < arguments.size()) {
                value = arguments.get(++i);
            } else {
                throw new UsageException("--" + flag.name() + " needs a value");
            }
            add(values, flag, value);
        }
        return values;
    }

    static UsageException unknown(FlagSet known, String shown, String name) {
        return new UsageException("unknown flag " + shown + known.suggest(name).map(s -> "; did you mean "
                + (shown.startsWith("--") ? "--" : "") + s + "?").orElse("; `" + known.command() + " --help` lists them"));
    }

    Map<String, List<String>> environment(UnaryOperator<String> env) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Flag flag : known.flags()) {
            if (!flag.env().isEmpty()) {
                String value = env.apply("MANUL_" + flag.env());
                value = value == null ? env.apply("K3S_" + flag.env()) : value;
                if (value != null && !value.isEmpty()) {
                    add(values, flag, value);
                }
            }
        }
        return values;
    }

    static void add(Map<String, List<String>> values, Flag flag, String value) {
        List<String> list = values.computeIfAbsent(flag.name(), n -> new ArrayList<>());
        if (flag.kind() == Flag.Kind.LIST) {
            for (String part : value.split(",")) {
                if (!part.isBlank()) {
                    list.add(part.trim());
                }
            }
        } else {
            list.clear();
            list.add(value);
        }
    }

    static String help(FlagSet known) {
        StringBuilder text = new StringBuilder(known.command() + " - " + known.purpose() + "\n\nUsage: " + known.command() + """
                 [flags]

                Flags (each also a key of the configuration file, without its dashes):
                """);
        for (Flag f : known.flags()) {
            String name = (f.shorts().isEmpty() ? "    " : "-" + f.shorts() + ", ") + "--" + f.name()
                    + (f.kind() == Flag.Kind.SWITCH ? "" : " value");
            text.append(String.format("  %-42s %s%s%s%n", name, f.help(),
                    f.initial().isEmpty() ? "" : " (default " + f.initial() + ")",
                    f.env().isEmpty() ? "" : " [MANUL_" + f.env() + ", K3S_" + f.env() + "]"));
        }
        return text.append("""

                The command line wins over the environment, and both over the file. A list on the command line
                replaces the file's. Exit codes: 0 stopped as asked, 1 could not start or run, 2 wrong usage.
                """).toString();
    }
}
