package io.manul.network.ingress;

import java.util.List;
import java.util.Map;

/** HAProxy's configuration: all that does not change while it runs. What changes is in its maps, servers and certificates. */
final class Config {

    static final int BUFFER = 32_768;
    private static final String LOOK_UP = """
              http-request set-var(txn.exact) var(txn.%1$s),concat(,txn.path)
              http-request set-var(txn.prefix) var(txn.exact),concat(/)
              http-request set-var(txn.way) var(txn.exact),map_str(%2$s) if !{ var(txn.way) -m found }
              http-request set-var(txn.way) var(txn.prefix),map_beg(%3$s) if !{ var(txn.way) -m found }
            """;

    private final Places places;
    private final String binds;
    private final boolean unprivileged;

    /** @param unprivileged HAProxy's own user exists */
    Config(Places places, boolean ipv6, int httpPort, int httpsPort, boolean unprivileged) {
        this.places = places;
        this.unprivileged = unprivileged;
        String address = ipv6 ? ":::" : "*:";
        String family = ipv6 ? " v4v6" : "";
        this.binds = "  bind " + address + httpPort + family + "\n  bind " + address + httpsPort + family + " ssl crt-list "
                + places.certificateList() + " alpn h2,http/1.1\n";
    }

    /** @param slots how many backends stand ready @param servers those that a reload takes along, by slot */
    String text(int slots, Map<Integer, List<String>> servers) {
        StringBuilder t = new StringBuilder();
        t.append("""
            global
              stats socket %s mode 600 level admin expose-fd listeners
              stats timeout 1h
              hard-stop-after 1h
              maxconn 4096
              nbthread 1
              tune.bufsize %d
              ssl-default-bind-options ssl-min-ver TLSv1.2
            %s
            defaults
              mode http
              timeout connect 5s
              timeout client 1h
              timeout http-request 30s
              timeout http-keep-alive 75s
              timeout server 60s
              timeout tunnel 1h
              timeout queue 30s
              option redispatch 1
              retries 3
              retry-on conn-failure empty-response
            """.formatted(places.admin(), BUFFER, unprivileged ? "  user haproxy\n  group haproxy\n" : ""));
        t.append("\nfrontend ingress\n").append(binds);
        t.append("""
              http-request set-var(txn.host) req.hdr(host),field(1,:),lower
              http-request set-var(txn.wild) var(txn.host),regsub(^[^.]+,*)
              http-request set-var(txn.any) str()
              http-request set-var(txn.path) path
            """);
        for (String host : new String[] {"host", "wild", "any"}) {
            t.append(LOOK_UP.formatted(host, places.exact(), places.prefix()));
        }
        t.append("  http-request set-var(txn.way) str(@),map_str(").append(places.exact()).append(") if !{ var(txn.way) -m found }\n");
        t.append("""
              http-request return status 404 content-type text/plain string "404 page not found\\n" if !{ var(txn.way) -m found }
              http-request redirect scheme https code 308 if !{ ssl_fc } { var(txn.way),field(4,_) -m str 1 }
              http-request set-var(txn.limit) var(txn.way),field(3,_),add(0)
              http-request set-var(txn.over) req.hdr_val(content-length),sub(txn.limit) if { var(txn.limit) -m int gt 0 }
              http-request deny deny_status 413 if { var(txn.limit) -m int gt 0 } { var(txn.over) -m int gt 0 }
              http-request set-header X-Forwarded-For %[src]
              http-request set-header X-Real-IP %[src]
              http-request set-header X-Forwarded-Host %[req.hdr(host)]
              http-request set-header X-Forwarded-Port %[dst_port]
              http-request set-header X-Forwarded-Proto http
              http-request set-header X-Forwarded-Proto https if { ssl_fc }
              use_backend %[var(txn.way),field(1,_)]

            """);
        // keeps the map of slots, which no request is looked up in
        t.append("backend slots\n  http-request set-var(txn.slot) str(),map_str(").append(places.slots()).append(")\n");
        for (int i = 0; i < slots; i++) {
            t.append("backend b").append(i).append("\n  http-request set-timeout server var(txn.way),field(2,_),add(0)\n");
            servers.getOrDefault(i, List.of()).forEach(s -> t.append("  server ").append(s).append("\n"));
        }
        return t.toString();
    }
}
