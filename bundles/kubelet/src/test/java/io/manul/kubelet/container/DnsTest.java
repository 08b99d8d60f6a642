package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.cri.v1.DNSConfig;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.List;
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
}
