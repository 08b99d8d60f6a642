package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.cri.v1.DNSConfig;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsTest {

    private static final List<String> HOST = List.of("# by hand", "nameserver 9.9.9.9", "nameserver 1.1.1.1", "search old.example",
            "search plant.example", "options timeout:1 rotate");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                          | [10.43.0.10] | [ns.svc.cluster.local, svc.cluster.local, cluster.local, plant.example] | [ndots:5]
            {"hostNetwork":true}                        | [9.9.9.9, 1.1.1.1] | [plant.example] | [timeout:1, rotate]
            {"hostNetwork":true,"dnsPolicy":"ClusterFirstWithHostNet"} | [10.43.0.10] | [ns.svc.cluster.local, svc.cluster.local, cluster.local, plant.example] | [ndots:5]
            {"dnsPolicy":"Default"}                     | [9.9.9.9, 1.1.1.1] | [plant.example] | [timeout:1, rotate]
            {"dnsPolicy":"None","dnsConfig":{"nameservers":["8.8.8.8"],"searches":["a.b"],"options":[{"name":"ndots","value":"2"},{"name":"edns0"}]}} | [8.8.8.8] | [a.b] | [ndots:2, edns0]
            {"dnsConfig":{"nameservers":["10.43.0.10","8.8.8.8"],"options":[{"name":"ndots","value":"1"}]}} | [10.43.0.10, 8.8.8.8] | [ns.svc.cluster.local, svc.cluster.local, cluster.local, plant.example] | [ndots:1]
            """)
    void policies(String spec, String servers, String searches, String options) {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\"},\"spec\":" + spec + "}"));
        DNSConfig dns = new Dns("10.43.0.10", "cluster.local").of(pod, HOST);
        assertEquals(servers, List.copyOf(dns.getServersList()).toString());
        assertEquals(searches, List.copyOf(dns.getSearchesList()).toString());
        assertEquals(options, List.copyOf(dns.getOptionsList()).toString());
    }

    @Test
    void whatIsTooMuchIsLeftOutAndSaid() {
        Pod pod = new Pod(Obj.of("metadata", Obj.of("name", "p", "namespace", "ns"), "spec", Obj.of("dnsPolicy", "None", "dnsConfig", Obj.of(
                "nameservers", List.of("1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "1.1.1.1"), "searches", List.of("a".repeat(254), "b")))));
        Dns dns = new Dns("10.43.0.10", "cluster.local");
        assertEquals(List.of("1.1.1.1", "1.1.1.2", "1.1.1.3"), List.copyOf(dns.of(pod, HOST).getServersList()));
        assertEquals(List.of("Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 1.1.1.1 1.1.1.2 1.1.1.3",
                "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: b"), dns.omitted(pod, HOST));
    }

    @Test
    void theNodesSearchPathIsNormal() {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\"},\"spec\":{\"dnsPolicy\":\"Default\"}}"));
        assertEquals(List.of("a.example", "b.example"), List.copyOf(new Dns("", "cluster.local").of(pod,
                List.of("search a.example. . b.example a.example", "nameserver 9.9.9.9 # by hand")).getSearchesList()));
        assertEquals(List.of("9.9.9.9"), List.copyOf(new Dns("", "cluster.local").of(pod, List.of("nameserver 9.9.9.9 # by hand")).getServersList()));
    }

    @Test
    void aResolverOnTheNodesLoopbackIsNotGivenToPods(@TempDir Path root) throws Exception {
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("run/systemd/resolve"));
        Files.writeString(root.resolve("etc/resolv.conf"), "nameserver 127.0.0.53\n");
        assertEquals(List.of("nameserver 127.0.0.53"), new HostResolver(root, "").lines());
        Files.writeString(root.resolve("run/systemd/resolve/resolv.conf"), "nameserver 192.0.2.1\n");
        assertEquals(List.of("nameserver 192.0.2.1"), new HostResolver(root, "").lines());
        Files.writeString(root.resolve("other"), "nameserver 192.0.2.2\n");
        assertEquals(List.of("nameserver 192.0.2.2"), new HostResolver(root, root.resolve("other").toString()).lines());
    }
}
