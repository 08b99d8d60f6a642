package io.manul.network.services;

import java.util.List;

/** The fixed part of a family's table: maps, sets, and the chains that hang in the kernel's hooks. Pure. */
final class Frame {

    /**
     * Where the cluster is.
     *
     * @param pods     pod networks of both families
     * @param services networks of cluster addresses
     * @param dns      addresses that may be answered on the node itself
     * @param loopback whether node ports answer on 127.0.0.1 (the kernel was told to route it)
     */
    record Site(List<String> pods, List<String> services, List<String> dns, boolean loopback) {
    }

    private static final String TEXT = """
            table @IP@ @TABLE@ {
              map services { type @TYPE@ . inet_proto . inet_service : verdict; }
              map nodeports { type inet_proto . inet_service : verdict; }
              @ENDPOINTS@
              map no-endpoints { type @TYPE@ . inet_proto . inet_service : verdict; }
              map no-endpoint-nodeports { type inet_proto . inet_service : verdict; }
              map firewall { type @TYPE@ . inet_proto . inet_service : verdict; }
              set cluster-ips { type @TYPE@; }
              set hairpin { type @TYPE@ . @TYPE@; }
              set pod-networks { type @TYPE@; flags interval; @PODS@ }
              set service-networks { type @TYPE@; flags interval; @SERVICES@ }
              set node-answers { type @TYPE@; @DNS@ }
              chain refuse {
                meta l4proto tcp reject with tcp reset
                reject
              }
              chain refusals { @IP@ daddr . meta l4proto . th dport vmap @no-endpoints; }
              chain nodeport-refusals { @NOT_LOOPBACK@ fib daddr type local meta l4proto . th dport vmap @no-endpoint-nodeports; }
              chain unknown {
                @IP@ daddr @cluster-ips goto refuse
                @IP@ daddr @node-answers return
                @IP@ daddr @service-networks drop
              }
              chain filter-input { type filter hook input priority 0; policy accept;
                ct state new jump nodeport-refusals
                ct state new jump refusals
              }
              chain filter-forward { type filter hook forward priority 0; policy accept;
                ct state new jump refusals
                ct state new jump unknown
              }
              chain filter-output { type filter hook output priority 0; policy accept;
                ct state new jump refusals
                ct state new jump unknown
              }
              chain ranges { @IP@ daddr . meta l4proto . th dport vmap @firewall; }
              chain ranges-prerouting { type filter hook prerouting priority -110; policy accept; ct state new jump ranges; }
              chain ranges-output { type filter hook output priority -110; policy accept; ct state new jump ranges; }
              chain dispatch {
                @FROM_OUTSIDE@
                @IP@ daddr . meta l4proto . th dport vmap @services
                @NOT_LOOPBACK@ fib daddr type local meta l4proto . th dport vmap @nodeports
              }
              chain nat-prerouting { type nat hook prerouting priority -100; policy accept; jump dispatch; }
              chain nat-output { type nat hook output priority -100; policy accept; jump dispatch; }
              chain nat-postrouting { type nat hook postrouting priority 100; policy accept;
                meta mark and 0x4000 != 0 meta mark set meta mark xor 0x4000 masquerade fully-random
                ct status dnat @IP@ saddr . @IP@ daddr @hairpin masquerade fully-random
              }
              @GUARD@
            }
            """;

    private Frame() {
    }

    static String of(Family family, String table, Site site) {
        List<String> pods = family.of(site.pods());
        boolean loopback = family == Family.IPV4 && site.loopback();
        String text = TEXT.replace("@ENDPOINTS@", endpoints()).replace("@IP@", family.ip).replace("@TABLE@", table).replace("@TYPE@", family.type)
                .replace("@PODS@", elements(pods)).replace("@SERVICES@", elements(family.of(site.services())))
                .replace("@DNS@", elements(family.of(site.dns())))
                // Services are routable to this node from outside the cluster; answers must come back this way
                .replace("@FROM_OUTSIDE@", pods.isEmpty() ? "" : family.ip + " daddr @cluster-ips " + family.ip
                        + " saddr != @pod-networks " + Pool.MARK)
                .replace("@NOT_LOOPBACK@", loopback ? "" : family == Family.IPV4 ? "ip daddr != 127.0.0.0/8" : "ip6 daddr != ::1")
                .replace("@GUARD@", loopback ? guard() : "");
        return text.lines().filter(l -> !l.isBlank()).reduce("", (a, b) -> a + b.strip() + "\n");
    }

    /** Where to: by destination and number. A map a protocol, as nft takes the port of one only. */
    private static String endpoints() {
        StringBuilder maps = new StringBuilder();
        for (String protocol : List.of("tcp", "udp", "sctp")) {
            for (String local : List.of("", "local-")) {
                String rest = "@P@ dport . numgen random mod 2 : @IP@ daddr . @P@ dport; }\n".replace("@P@", protocol);
                maps.append("map ").append(local).append("endpoints-").append(protocol).append(" { typeof @IP@ daddr . ").append(rest);
                maps.append("map ").append(local).append("nodeport-endpoints-").append(protocol).append(" { typeof ").append(rest);
            }
        }
        return maps.toString();
    }

    /** While the kernel routes loopback addresses, nobody else's packets may carry them (CVE-2020-8558). */
    private static String guard() {
        return """
                chain loopback-guard { type filter hook prerouting priority -300; policy accept;
                iifname != "lo" ip daddr 127.0.0.0/8 drop
                iifname != "lo" ip saddr 127.0.0.0/8 drop
                }""";
    }

    private static String elements(List<String> networks) {
        return networks.isEmpty() ? "" : "elements = { " + String.join(", ", Networks.apart(networks)) + " };";
    }
}
