package io.manul.apiserver.kinds.networkpolicy;

import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Defaults and validation (Kubernetes 1.36, pkg/apis/networking). */
public final class NetworkPolicyRules {

    private static final Set<String> TYPES = Set.of("Ingress", "Egress");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

    private NetworkPolicyRules() {
    }

    public static void defaults(Obj o) {
        Obj spec = o.make("spec");
        for (String direction : List.of("ingress", "egress")) {
            spec.objects(direction).forEach(r -> r.objects("ports").forEach(p -> Defaults.fill(p, "protocol", "TCP")));
        }
        if (spec.strings("policyTypes").isEmpty()) {
            List<Object> types = new ArrayList<>(List.of("Ingress"));
            if (!spec.objects("egress").isEmpty()) {
                types.add("Egress");
            }
            spec.put("policyTypes", types);
        }
    }

    public static void check(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        TemplateRules.selector(spec.at("podSelector"), "spec.podSelector", e);
        direction(spec.objects("ingress"), "spec.ingress", "from", e);
        direction(spec.objects("egress"), "spec.egress", "to", e);
        List<String> types = spec.strings("policyTypes");
        if (types.size() > TYPES.size()) {
            e.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (!TYPES.contains(types.get(i))) {
                e.notSupported("spec.policyTypes[" + i + "]", types.get(i), TYPES);
            }
        }
    }

    private static void direction(List<Obj> rules, String path, String side, FieldErrors e) {
        for (int i = 0; i < rules.size(); i++) {
            List<Obj> ports = rules.get(i).objects("ports");
            for (int n = 0; n < ports.size(); n++) {
                port(ports.get(n), path + "[" + i + "].ports[" + n + "]", e);
            }
            List<Obj> peers = rules.get(i).objects(side);
            for (int n = 0; n < peers.size(); n++) {
                peer(peers.get(n), path + "[" + i + "]." + side + "[" + n + "]", e);
            }
        }
    }

    private static void port(Obj port, String path, FieldErrors e) {
        Texts.oneOf(port.text("protocol"), path + ".protocol", PROTOCOLS, e);
        Object end = port.get("endPort");
        switch (port.get("port")) {
            case null -> {
                if (end != null) {
                    e.invalid(path + ".endPort", end, "may not be specified when `port` is not specified");
                }
            }
            case Long number -> {
                Texts.port(number, path + ".port", e);
                if (end instanceof Long last) {
                    if (last < number) {
                        e.invalid(path + ".endPort", number, "must be greater than or equal to `port`");
                    }
                    Texts.port(last, path + ".endPort", e);
                }
            }
            case Object name -> {
                if (end != null) {
                    e.invalid(path + ".endPort", end, "may not be specified when `port` is non-numeric");
                }
                Texts.portName(String.valueOf(name), path + ".port", e);
            }
        }
    }

    private static void peer(Obj peer, String path, FieldErrors e) {
        int kinds = 0;
        for (String kind : List.of("podSelector", "namespaceSelector")) {
            if (peer.has(kind)) {
                kinds++;
                TemplateRules.selector(peer.at(kind), path + "." + kind, e);
            }
        }
        if (peer.has("ipBlock")) {
            kinds++;
            block(peer.at("ipBlock"), path + ".ipBlock", e);
        }
        if (kinds == 0) {
            e.required(path, "must specify a peer");
        } else if (kinds > 1 && peer.has("ipBlock")) {
            e.forbidden(path, "may not specify both ipBlock and another peer");
        }
    }

    private static void block(Obj block, String path, FieldErrors e) {
        String text = block.text("cidr");
        if (text.isEmpty()) {
            e.required(path + ".cidr", "");
            return;
        }
        CidrText.check(text, path + ".cidr", e);
        var cidr = CidrText.parse(text);
        List<String> except = block.strings("except");
        for (int i = 0; cidr.isPresent() && i < except.size(); i++) {
            String at = path + ".except[" + i + "]";
            CidrText.check(except.get(i), at, e);
            var inner = CidrText.parse(except.get(i));
            if (inner.isPresent() && !cidr.get().holds(inner.get())) {
                e.invalid(at, except.get(i), "must be a strict subset of `cidr`");
            }
        }
    }
}
