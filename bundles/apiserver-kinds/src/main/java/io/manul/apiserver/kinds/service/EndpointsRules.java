package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.List;
import java.util.Set;

/** What Endpoints must be (core/v1). */
public final class EndpointsRules {

    private EndpointsRules() {
    }

    /** Checks one. */
    public static void check(Obj endpoints, FieldErrors e) {
        List<Obj> subsets = endpoints.objects("subsets");
        for (int i = 0; i < subsets.size(); i++) {
            Obj subset = subsets.get(i);
            String at = "subsets[" + i + "]";
            if (subset.objects("addresses").isEmpty() && subset.objects("notReadyAddresses").isEmpty()) {
                e.required(at, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String field : List.of("addresses", "notReadyAddresses")) {
                List<Obj> all = subset.objects(field);
                for (int j = 0; j < all.size(); j++) {
                    address(all.get(j), at + "." + field + "[" + j + "]", e);
                }
            }
            List<Obj> ports = subset.objects("ports");
            for (int j = 0; j < ports.size(); j++) {
                port(ports.get(j), ports.size() > 1, at + ".ports[" + j + "]", e);
            }
        }
    }

    private static void address(Obj address, String at, FieldErrors e) {
        if (Ips.check(address.text("ip"), at + ".ip", e)) {
            Ips.endpoint(address.text("ip"), at + ".ip", e);
        }
        if (!address.text("hostname").isEmpty()) {
            Texts.label(address.text("hostname"), at + ".hostname", e);
        }
        if (address.has("nodeName")) {
            Texts.subdomain(address.text("nodeName"), at + ".nodeName", e);
        }
    }

    private static void port(Obj port, boolean named, String at, FieldErrors e) {
        if (named && port.text("name").isEmpty()) {
            e.required(at + ".name", "");
        } else if (!port.text("name").isEmpty()) {
            Texts.label(port.text("name"), at + ".name", e);
        }
        Texts.port(port.number("port").orElse(0), at + ".port", e);
        Texts.oneOf(port.text("protocol"), at + ".protocol", Set.of("TCP", "UDP", "SCTP"), e);
        if (port.has("appProtocol")) {
            Qualified.check(port.text("appProtocol"), at + ".appProtocol", e);
        }
    }
}
