package io.manul.network.services;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UDP flows that the kernel remembers (conntrack) would go to an endpoint that is gone for as long as their client talks, or
 * to nowhere after a Service got its first endpoint: they are forgotten, so that the next packet is sent anew.
 */
final class Flows {

    private static final Logger LOG = LoggerFactory.getLogger(Flows.class);
    private static final Pattern ENTRY = Pattern.compile("src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+) .*?src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+)");

    private final Tool tool;
    private boolean missing;

    Flows(Tool tool) {
        this.tool = tool;
    }

    /** @param changed flows as they may be now; without targets: none may be */
    void forget(Collection<Plan.Flow> changed) throws InterruptedException {
        for (Family family : Family.values()) {
            Map<String, Set<String>> allowed = new HashMap<>();
            for (Plan.Flow f : changed) {
                if (f.family() == family) {
                    allowed.computeIfAbsent(f.address() + " " + f.port(), k -> new TreeSet<>()).addAll(f.targets());
                }
            }
            if (!allowed.isEmpty()) {
                forget(family, allowed);
            }
        }
    }

    private void forget(Family family, Map<String, Set<String>> allowed) throws InterruptedException {
        String ipv = family == Family.IPV4 ? "ipv4" : "ipv6";
        try {
            for (List<String> which : stale(tool.run("", "conntrack", "-L", "-f", ipv, "-p", "udp"), allowed)) {
                List<String> command = new ArrayList<>(List.of("conntrack", "-D", "-f", ipv, "-p", "udp"));
                command.addAll(which);
                delete(command);
            }
        } catch (IOException e) {
            if (!missing) {
                missing = true;
                LOG.warn("Stale UDP flows are not removed: clients of a Service may wait for an endpoint that is gone. Install conntrack why={}",
                        e.getMessage());
            }
        }
    }

    private void delete(List<String> command) throws IOException, InterruptedException {
        try {
            tool.run("", command.toArray(String[]::new));
        } catch (IOException e) {
            if (!e.getMessage().contains("0 flow entries")) { // gone by itself meanwhile
                throw e;
            }
        }
    }

    /** The arguments of conntrack that name each kind of flow that may not be. Pure. */
    static Set<List<String>> stale(String listed, Map<String, Set<String>> allowed) {
        Set<List<String>> found = new LinkedHashSet<>();
        for (String line : (Iterable<String>) listed.lines()::iterator) {
            Matcher m = ENTRY.matcher(line);
            if (m.find()) {
                Set<String> targets = allowed.getOrDefault(m.group(2) + " " + m.group(4), allowed.get(" " + m.group(4)));
                boolean direct = m.group(2).equals(m.group(5)) && m.group(4).equals(m.group(7));
                if (targets != null && (direct ? !targets.isEmpty() : !targets.contains(m.group(5) + " . " + m.group(7)))) {
                    found.add(List.of("--orig-dst", m.group(2), "--orig-port-dst", m.group(4), "--reply-src", m.group(5), "--reply-port-src", m.group(7)));
                }
            }
        }
        return found;
    }
}
