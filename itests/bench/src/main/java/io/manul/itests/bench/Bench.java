package io.manul.itests.bench;

import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts a real server and prints what it costs. Needs root; README.md. */
public final class Bench {

    private static final Pattern READY = Pattern.compile("\\[ *([0-9.]+) s] node .* is Ready");
    private static final List<String> KNOWN = List.of("-o", "json", "--smoke", "--help", "true");

    private final ManulServer server;
    private final Report report = new Report();
    private final boolean smoke;

    private Bench(ManulServer server, boolean smoke) {
        this.server = server;
        this.smoke = smoke;
    }

    public static void main(String[] args) throws Exception {
        List<String> arguments = Arrays.asList(args);
        boolean json = arguments.contains("json");
        if (arguments.contains("--help") || !KNOWN.containsAll(arguments) || json != arguments.contains("-o")) {
            System.out.println("Usage: Bench [-o json] [--smoke]\n  -o json   JSON instead of a table\n  --smoke   small numbers, to see that it works");
            System.exit(arguments.contains("--help") ? 0 : 2);
        }
        try (ManulServer server = new ManulServer("bench", 17)) {
            Bench bench = new Bench(server, arguments.contains("--smoke"));
            bench.run();
            if (json) {
                bench.report.json(System.out);
            } else {
                bench.report.table(System.out);
            }
        }
    }

    private void run() throws Exception {
        starts();
        idle("idle, fresh");
        say("requests");
        new Requests(server, report, smoke ? 100 : 2000, smoke ? 16 : 160).run();
        say("pods");
        new Pods(server, report).run(smoke ? 3 : 20);
        swaps();
        idle("idle, after all of it");
    }

    private static void say(String what) {
        System.err.println("bench: " + what);
    }

    private void starts() throws Exception {
        say("start");
        server.start();
        report.add("start", "cold, to Ready", readySeconds(), "s");
        int code = server.stop();
        if (code != 0) {
            throw new AssertionError("the server ended with code " + code + ":\n" + server.tail());
        }
        server.start();
        report.add("start", "warm, to Ready", readySeconds(), "s");
    }

    private double readySeconds() {
        Matcher m = READY.matcher(server.log());
        if (!m.find()) {
            throw new AssertionError("the server did not say when it was Ready:\n" + server.tail());
        }
        return Double.parseDouble(m.group(1));
    }

    private void idle(String group) throws Exception {
        say(group);
        Duration span = Duration.ofSeconds(smoke ? 3 : 30);
        LockSupport.parkNanos(Duration.ofSeconds(smoke ? 1 : 10).toNanos());
        Proc proc = new Proc(server.pid());
        double cpu = proc.cpuSeconds();
        long written = proc.writtenBytes();
        long begin = System.nanoTime();
        LockSupport.parkNanos(span.toNanos());
        double seconds = (System.nanoTime() - begin) / 1e9;
        report.add(group, "CPU", (proc.cpuSeconds() - cpu) / seconds * 100, "% of one processor");
        report.add(group, "written", (proc.writtenBytes() - written) / 1024.0 / seconds * 60, "KiB/min");
        report.add(group, "RSS", proc.residentMegabytes(), "MiB");
        report.add(group, "PSS", proc.proportionalMegabytes(), "MiB");
        Obj status = Obj.parse(server.manul("status", "-o", "json").orFail().out());
        report.add(group, "heap used", status.number("heapUsedBytes").orElseThrow() / 1048576.0, "MiB");
    }

    private void swaps() throws Exception {
        int times = smoke ? 1 : 5;
        for (Obj room : Obj.parse(server.manul("components", "-o", "json").orFail().out()).objects("items")) {
            String name = room.text("name");
            say("swap " + name);
            double[] pauses = new double[times];
            for (int i = 0; i < times; i++) {
                Command.Result r = server.manul("swap", name, "--probation", "300", "-o", "json");
                if (r.code() != 0) {
                    throw new AssertionError("swap of " + name + ": " + r.err() + server.tail());
                }
                pauses[i] = ((Number) Obj.parse(r.out()).get("pauseMillis")).doubleValue();
            }
            Arrays.sort(pauses);
            report.add("swap pause of " + times, name + " p50", pauses[times / 2], "ms");
            report.add("swap pause of " + times, name + " max", pauses[times - 1], "ms");
        }
    }
}
