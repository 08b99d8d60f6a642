package io.manul.kubelet.container;

import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Environment variables about Services (Kubernetes, "Service", "Discovering services", "Environment variables"). */
public final class ServiceVariables {

    private ServiceVariables() {
    }

    /** @param links {@code spec.enableServiceLinks}; the API's own Service is told always */
    public static Map<String, String> of(List<Obj> services, String namespace, boolean links) {
        Map<String, String> out = new LinkedHashMap<>();
        for (Obj s : services) {
            boolean api = s.namespace().equals("default") && s.name().equals("kubernetes");
            if (usable(s) && (api || links && s.namespace().equals(namespace) && !s.name().equals("kubernetes"))) {
                add(out, s);
            }
        }
        return out;
    }

    private static boolean usable(Obj service) {
        String ip = service.text("spec", "clusterIP");
        return !ip.isEmpty() && !ip.equals("None") && !service.text("spec", "type").equals("ExternalName")
                && !service.objects("spec", "ports").isEmpty();
    }

    private static void add(Map<String, String> out, Obj service) {
        String prefix = variable(service.name());
        String ip = service.text("spec", "clusterIP");
        List<Obj> ports = service.objects("spec", "ports");
        out.put(prefix + "_SERVICE_HOST", ip);
        out.put(prefix + "_SERVICE_PORT", number(ports.getFirst()));
        for (Obj p : ports) {
            if (!p.text("name").isEmpty()) {
                out.put(prefix + "_SERVICE_PORT_" + variable(p.text("name")), number(p));
            }
        }
        boolean first = true;
        for (Obj p : ports) {
            String protocol = p.string("protocol").orElse("TCP");
            String url = protocol.toLowerCase(Locale.ROOT) + "://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + number(p);
            if (first) {
                out.put(prefix + "_PORT", url);
                first = false;
            }
            String port = prefix + "_PORT_" + number(p) + "_" + protocol;
            out.put(port, url);
            out.put(port + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            out.put(port + "_PORT", number(p));
            out.put(port + "_ADDR", ip);
        }
    }

    private static String number(Obj port) {
        return Long.toString(port.number("port").orElse(0));
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
