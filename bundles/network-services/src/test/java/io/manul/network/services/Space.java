package io.manul.network.services;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A network namespace for a test; its tool runs there. Needs root. */
final class Space implements AutoCloseable {

    final String name;
    final Tool tool;

    Space(String name) throws IOException, InterruptedException {
        this.name = name;
        Tool.PROCESS.run("", "sh", "-c", "ip netns del " + name + " 2>/dev/null; ip netns add " + name + " && ip -n " + name + " link set lo up");
        this.tool = (input, command) -> {
            List<String> inside = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
            inside.addAll(List.of(command));
            return Tool.PROCESS.run(input, inside.toArray(String[]::new));
        };
    }

    static boolean possible() {
        return "root".equals(System.getProperty("user.name"));
    }

    String run(String script) throws IOException, InterruptedException {
        return tool.run("", "sh", "-c", script);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Tool.PROCESS.run("", "ip", "netns", "del", name);
    }
}
