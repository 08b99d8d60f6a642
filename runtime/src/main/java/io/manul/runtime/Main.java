package io.manul.runtime;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The command {@code manul}. The script of that name finds a JDK and calls this; {@code kubectl} and {@code test} are its own. */
public final class Main {

    private static final String HELP = """
            manul - Kubernetes in one small JVM

            Usage: manul COMMAND [flags]

              server       run a server and node; ends with a Ready node
              agent        run a node that joins a server
              token        tokens with which nodes join
              kubectl      kubectl with this server's kubeconfig
              components   the components of a running server: NAME VERSION STATE SINCE
              swap NAME    replace one component of a running server, alone, under load
              status       a running server in one screen
              test         build and run every test
              help         this text; `manul COMMAND --help` says more of one
            """;

    private static final String COMPONENTS = """
            manul components - lists the components of a running server

            Usage: manul components [--data-dir DIR] [-o json]
            """;

    private static final String STATUS = """
            manul status - shows a running server in one screen

            Usage: manul status [--data-dir DIR] [-o json]
            """;

    private static final String SWAP = """
            manul swap - replaces one component of a running server while it serves

            Usage: manul swap NAME [--to FILE.jar] [--probation MILLIS] [--data-dir DIR] [-o json]

              NAME          as `manul components` lists it
              --to          the bundle to take its place (same symbolic name, other version);
                            without it the same bundle again, as a new version
              --probation   how long the old version stands by (default 1000 ms)

            The new version is started beside the old one, and serves as soon as it is ready; one that does not
            start, throws or hangs is taken back by itself. Exit code 0: the new version serves; 1: the old one does.
            """;

    private Main() {
    }

    public static void main(String[] arguments) {
        // threads of the framework may outlive main: the code is final
        System.exit(run(Arrays.asList(arguments)));
    }

    private static int run(List<String> arguments) {
        String command = arguments.isEmpty() ? "help" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        boolean help = rest.contains("--help") || rest.contains("-h");
        try {
            return switch (command) {
                case "agent" -> new ServerCommand(FlagSet.AGENT, Path.of(System.getProperty("manul.home")),
                        Long.getLong("manul.launched", System.currentTimeMillis())).run(rest);
                case "server" -> new ServerCommand(FlagSet.SERVER, Path.of(System.getProperty("manul.home")),
                        Long.getLong("manul.launched", System.currentTimeMillis())).run(rest);
                case "token" -> new TokenCommand().run(rest);
                case "components" -> help ? print(COMPONENTS) : ConsoleCommands.components(rest);
                case "status" -> help ? print(STATUS) : ConsoleCommands.status(rest);
                case "swap" -> help ? print(SWAP) : ConsoleCommands.swap(rest);
                case "help", "--help", "-h" -> rest.isEmpty() || rest.getFirst().startsWith("-") ? print(HELP)
                        : run(List.of(rest.getFirst(), "--help"));
                case "version", "--version" -> print("manul " + Version.TEXT + "\n");
                default -> throw new UsageException("unknown command \"" + command + "\"; see `manul help`");
            };
        } catch (UsageException e) {
            System.err.println("manul: " + e.getMessage());
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static int print(String text) {
        System.out.print(text);
        return 0;
    }
}
