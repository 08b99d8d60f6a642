package io.manul.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.naming.NameNotFoundException;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers as other people's resolvers read them: the JDK's (jdk.naming.dns) and ISC's dig. */
@Timeout(60)
class RealClientsTest {

    private static DnsBed bed() throws Exception {
        DnsBed bed = new DnsBed(Map.of("resolv-conf", "/nowhere"));
        bed.service("web", Obj.of("clusterIP", "10.43.7.7", "ports", List.of(Obj.of("name", "http", "port", 80))));
        bed.await("A", "web.default.svc.cluster.local", "NOERROR 10.43.7.7");
        return bed;
    }

    @Test
    void theJdksResolver() throws Exception {
        try (DnsBed bed = bed()) {
            Hashtable<String, String> env = new Hashtable<>();
            env.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
            env.put("java.naming.provider.url", "dns://" + DnsBed.ADDRESS + ":" + bed.client.server().getPort() + "/");
            InitialDirContext context = new InitialDirContext(env);
            assertEquals("10.43.7.7", context.getAttributes("web.default.svc.cluster.local", new String[] {"A"}).get("A").get());
            assertEquals("0 100 80 web.default.svc.cluster.local.",
                    context.getAttributes("_http._tcp.web.default.svc.cluster.local", new String[] {"SRV"}).get("SRV").get());
            assertEquals("web.default.svc.cluster.local.",
                    context.getAttributes("7.7.43.10.in-addr.arpa", new String[] {"PTR"}).get("PTR").get());
            Assertions.assertThrows(NameNotFoundException.class,
                    () -> context.getAttributes("nope.default.svc.cluster.local", new String[] {"A"}));
            context.close();
        }
    }

    @Test
    void dig() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dig")), "dig (Debian: bind9-dnsutils) is not there");
        try (DnsBed bed = bed()) {
            assertEquals("10.43.7.7", dig(bed, "+short", "web.default.svc.cluster.local"));
            assertEquals("10.43.7.7", dig(bed, "+short", "+tcp", "web.default.svc.cluster.local"));
            assertEquals("10.43.7.7", dig(bed, "+short", "+noedns", "web.default.svc.cluster.local"));
            assertEquals("10.43.7.7", dig(bed, "+short", "+dnssec", "WEB.default.svc.CLUSTER.local"));
            assertEquals("web.default.svc.cluster.local.", dig(bed, "+short", "-x", "10.43.7.7"));
            assertEquals("\"1.1.0\"", dig(bed, "+short", "TXT", "dns-version.cluster.local"));
            assertTrue(dig(bed, "+comments", "A", "nope.default.svc.cluster.local").contains("status: NXDOMAIN"));
            assertTrue(dig(bed, "+comments", "AXFR", "cluster.local").contains("Transfer failed"));
            assertTrue(dig(bed, "+comments", "+edns=1", "+noednsneg", "A", "web.default.svc.cluster.local").contains("BADVERS"));
            assertTrue(dig(bed, "+comments", "+opcode=notify", "A", "cluster.local").contains("NOTIMP"));
            assertTrue(dig(bed, "+comments", "+header-only").contains("FORMERR"));
            String kept = dig(bed, "+noall", "+question", "A", "WeB.DeFaUlT.svc.cluster.local");
            assertTrue(kept.contains("WeB.DeFaUlT.svc.cluster.local"), kept);
        }
    }

    private static String dig(DnsBed bed, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/dig", "@" + DnsBed.ADDRESS, "-p",
                Integer.toString(bed.client.server().getPort()), "+time=2", "+tries=1"));
        command.addAll(List.of(arguments));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(p.waitFor(10, TimeUnit.SECONDS));
        return out.lines().filter(l -> !l.startsWith(";; WARNING") && !l.startsWith(";; You are")).reduce((a, b) -> a + "\n" + b).orElse("");
    }
}
