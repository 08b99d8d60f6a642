package io.manul.network.dns;

import io.manul.network.dns.config.ForwardRule;
import io.manul.network.dns.config.Server;
import io.manul.network.dns.forward.Forwarder;
import io.manul.network.dns.forward.ResolvConf;
import io.manul.network.dns.forward.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is asked by which rule; a resolv.conf is read again when it changed, looked at no more than every 5 s. Safe from any thread. */
final class Upstreams {

    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Path USUAL = Path.of("/etc/resolv.conf");

    private record Known(Forwarder forwarder, FileTime changed, long looked) {
    }

    private final Path resolvConf;
    private final InetAddress own;
    private final RandomGenerator random;
    private final Consumer<Upstream> fresh;
    private final Map<ForwardRule, Known> known = new HashMap<>();

    /** @param resolvConf stands for /etc/resolv.conf @param own our address: never asked @param fresh told of each new one */
    Upstreams(Path resolvConf, InetAddress own, RandomGenerator random, Consumer<Upstream> fresh) {
        this.resolvConf = resolvConf;
        this.own = own;
        this.random = random;
        this.fresh = fresh;
    }

    synchronized Forwarder of(ForwardRule rule) {
        Known now = known.get(rule);
        if (now == null || now.changed != null && System.nanoTime() - now.looked > LOOK_NANOS) {
            now = look(rule, now);
            known.put(rule, now);
        }
        return now.forwarder;
    }

    private Known look(ForwardRule rule, Known before) {
        List<InetSocketAddress> servers = new ArrayList<>();
        FileTime changed = null;
        for (String to : rule.to()) {
            if (to.startsWith("/")) {
                Path file = Path.of(to).equals(USUAL) ? resolvConf : Path.of(to);
                changed = changed(file);
                read(file, servers);
            } else {
                Server.parse(to).ifPresent(servers::add);
            }
        }
        if (servers.removeIf(s -> s.getAddress().equals(own) && s.getPort() == 53)) {
            LOG.warn("An upstream DNS server is this one and left out zone={} address={}", rule.zone(), own.getHostAddress());
        }
        if (before != null && before.forwarder.upstreams().stream().map(Upstream::address).toList().equals(servers)) {
            return new Known(before.forwarder, changed, System.nanoTime());
        }
        List<Upstream> upstreams = servers.stream().distinct().map(s -> new Upstream(s, random)).toList();
        upstreams.forEach(fresh);
        return new Known(new Forwarder(upstreams, rule.policy(), rule.tcpOnly(), random), changed, System.nanoTime());
    }

    private static void read(Path file, List<InetSocketAddress> servers) {
        try {
            servers.addAll(ResolvConf.servers(file));
        } catch (IOException e) {
            LOG.warn("The node's name servers cannot be read file={} why={}", file, e.toString());
        }
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // not there: looked for again
        }
    }
}
