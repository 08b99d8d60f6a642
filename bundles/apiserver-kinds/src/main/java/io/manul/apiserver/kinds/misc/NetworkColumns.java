package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Columns of endpoints, ingresses, network policies and service addresses. */
public final class NetworkColumns {

    private static final int MOST = 3;

    public static final Cells ENDPOINTS = new Cells().text("Endpoints", NetworkColumns::endpoints).age();

    public static final Cells SLICE = new Cells().text("AddressType", s -> s.text("addressType"))
            .text("Ports", s -> Cells.or(Cells.some(s.objects("ports").stream().map(NetworkColumns::port).toList(), MOST, ","), "<unset>"))
            .text("Endpoints", s -> Cells.or(Cells.some(s.objects("endpoints").stream().flatMap(e -> e.strings("addresses").stream())
                    .toList(), MOST, ","), "<unset>")).age();

    public static final Cells POLICY = new Cells().text("Pod-Selector", p -> Cells.selector(p.at("spec", "podSelector"))).age();

    public static final Cells INGRESS = new Cells().text("Class", i -> i.string("spec", "ingressClassName").orElse("<none>"))
            .text("Hosts", NetworkColumns::hosts).text("Address", NetworkColumns::balancers)
            .text("Ports", i -> i.objects("spec", "tls").isEmpty() ? "80" : "80, 443").age();

    public static final Cells INGRESS_CLASS = new Cells().ownName(c -> c.name()
            + (c.text("metadata", "annotations", "ingressclass.kubernetes.io/is-default-class").equals("true") ? " (default)" : ""))
            .text("Controller", c -> c.text("spec", "controller")).text("Parameters", NetworkColumns::parameters).age();

    public static final Cells ADDRESS = new Cells().text("ParentRef", NetworkColumns::parent);

    public static final Cells CIDR = new Cells().text("CIDRs", c -> String.join(",", c.strings("spec", "cidrs"))).age();

    private NetworkColumns() {
    }

    private static String endpoints(Obj e) {
        List<String> all = new ArrayList<>();
        e.objects("subsets").forEach(s -> s.objects("addresses").forEach(a -> {
            s.objects("ports").forEach(p -> all.add(a.text("ip") + ":" + p.number("port").orElse(0)));
            if (s.objects("ports").isEmpty()) {
                all.add(a.text("ip")); // a headless Service without ports
            }
        }));
        return Cells.or(Cells.some(all, MOST, ","), "<none>");
    }

    private static String port(Obj port) {
        return port.has("port") ? Long.toString(port.number("port").orElse(0)) : port.string("name").orElse("*");
    }

    /** Upstream counts rules, not hosts, once there are more than it shows. */
    private static String hosts(Obj ingress) {
        List<String> shown = new ArrayList<>();
        boolean more = false;
        List<Obj> rules = ingress.objects("spec", "rules");
        for (Obj rule : rules) {
            more |= shown.size() == MOST;
            if (!more && !rule.text("host").isEmpty()) {
                shown.add(rule.text("host"));
            }
        }
        return shown.isEmpty() ? "*" : String.join(",", shown) + (more ? " + " + (rules.size() - MOST) + " more..." : "");
    }

    private static String balancers(Obj ingress) {
        return ingress.objects("status", "loadBalancer", "ingress").stream().map(b -> Cells.or(b.text("ip"), b.text("hostname")))
                .filter(a -> !a.isEmpty()).sorted().distinct().collect(Collectors.joining(","));
    }

    private static String parameters(Obj ingressClass) {
        return ingressClass.object("spec", "parameters").map(p -> p.text("kind") + p.string("apiGroup").map(g -> "." + g).orElse("") + "/"
                + p.text("name")).orElse("<none>");
    }

    private static String parent(Obj address) {
        return address.object("spec", "parentRef").map(p -> {
            String group = p.text("group").isEmpty() ? "" : "." + p.text("group");
            String namespace = p.text("namespace").isEmpty() ? "" : "/" + p.text("namespace");
            return (p.text("resource") + group).toLowerCase(Locale.ROOT) + namespace + "/" + p.text("name");
        }).orElse("<none>");
    }
}
