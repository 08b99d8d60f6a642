package io.manul.helm.template;

import java.nio.file.Files;
import java.nio.file.Path;

/** Renders charts' folders with both and prints where they part: {@code JudgeMain [-f values.yaml] CHART...}. */
final class JudgeMain {

    private JudgeMain() {
    }

    public static void main(String[] args) throws Exception {
        int same = 0;
        Path values = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("-f")) {
                values = Path.of(args[++i]);
                continue;
            }
            if (args[i].endsWith(".txt")) {
                same += snippets(Path.of(args[i]));
                continue;
            }
            same += compare(args[i], Path.of(args[i]), values) ? 1 : 0;
        }
        System.out.println("same: " + same);
    }

    private static int snippets(Path file) throws Exception {
        int same = 0;
        Path folder = Files.createTempDirectory("judge");
        String[] parts = Files.readString(file).split("\n=+\n");
        for (int i = 1; i < parts.length; i++) {
            same += compare(parts[i], Judge.chart(folder, parts[i], parts[0]), null) ? 1 : 0;
            String inner = "{{ define \"t\" }}" + parts[i] + "{{ end }}a: {{ include \"t\" . | toJson }}";
            same += compare("inner " + parts[i], Judge.chart(folder, inner, parts[0]), null) ? 1 : 0;
        }
        System.out.println("of " + (parts.length - 1));
        return same;
    }

    /** What is random in real charts. */
    private static String masked(String s) {
        return s.replaceAll("(?m)\"[A-Za-z0-9+/]{8,}={0,2}\"$", "RANDOM").replaceAll("[0-9a-f]{64}", "HASH").replaceAll("LS0t[A-Za-z0-9+/=]+", "PEM")
                .replaceAll("(?m)^(\\s*[A-Za-z-]*(password|key|secret|cookie)[A-Za-z-]*: ).*$", "$1MASKED");
    }

    private static boolean compare(String name, Path chart, Path values) throws Exception {
        long t0 = System.nanoTime();
        String real = Judge.real(chart, values);
        long t1 = System.nanoTime();
        String ours;
        try {
            ours = Judge.ours(chart, values);
        } catch (RuntimeException e) {
            java.io.StringWriter w = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(w));
            ours = "CRASH: " + w.toString().lines().limit(12).collect(java.util.stream.Collectors.joining("\n"));
        }
        long t2 = System.nanoTime();
        if (Files.isDirectory(Path.of(name.split("\n")[0].replace('\0', ' ')))) {
            real = masked(real);
            ours = masked(ours);
        }
        if (name.indexOf('\n') < 0 && Files.isDirectory(Path.of(name))) {
            System.out.printf("%s %s helm=%d ms ours=%d ms chars=%d%s%n", real.equals(ours) ? "ok  " : "DIFF", name, (t1 - t0) / 1_000_000, (t2 - t1) / 1_000_000,
                    real.length(), real.startsWith("ERROR") ? " " + real.lines().findFirst().orElse("") : "");
        }
        if (real.equals(ours)) {
            return true;
        }
        int at = 0;
        while (at < Math.min(real.length(), ours.length()) && real.charAt(at) == ours.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - 120);
        System.out.println("---- " + name.lines().limit(3).toList() + " at " + at + "\n  helm: " + real.substring(from, Math.min(real.length(), at + 200))
                .replace("\n", "\n        ") + "\n  ours: " + ours.substring(from, Math.min(ours.length(), at + 200 + (ours.startsWith("CRASH") ? 900 : 0)))
                .replace("\n", "\n        "));
        return false;
    }
}
