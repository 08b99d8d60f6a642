package io.manul.network.dns.zone;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/** What of a Service its names need. @param addresses 4 or 16 octets each; none when headless */
record ServiceEntry(boolean headless, String externalName, List<byte[]> addresses, List<Port> ports) {

    static ServiceEntry of(Obj service) {
        if (service.text("spec", "type").equals("ExternalName")) {
            return new ServiceEntry(false, service.text("spec", "externalName"), List.of(), Port.of(service.objects("spec", "ports")));
        }
        List<String> ips = service.strings("spec", "clusterIPs");
        if (ips.isEmpty()) {
            ips = service.string("spec", "clusterIP").map(List::of).orElse(List.of());
        }
        boolean headless = ips.contains("None");
        List<byte[]> addresses = new ArrayList<>();
        if (!headless) {
            ips.forEach(ip -> Addresses.parse(ip).ifPresent(addresses::add));
        }
        return new ServiceEntry(headless, "", List.copyOf(addresses), Port.of(service.objects("spec", "ports")));
    }
}
