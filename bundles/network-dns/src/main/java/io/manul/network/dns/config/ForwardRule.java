package io.manul.network.dns.config;

import io.manul.network.dns.forward.Forwarder;
import io.manul.network.dns.wire.Name;
import java.util.List;

/** Names of one zone go to other servers (coredns.io, plugin forward). @param to addresses with port; a path: its name servers */
public record ForwardRule(Name zone, List<Name> except, List<String> to, Forwarder.Policy policy, boolean tcpOnly) {
    public boolean covers(Name name) {
        return name.in(zone) && except.stream().noneMatch(name::in);
    }
}
