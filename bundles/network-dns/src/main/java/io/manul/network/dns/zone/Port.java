package io.manul.network.dns.zone;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A port with a name or without. @param protocol tcp, udp or sctp */
record Port(String name, String protocol, int number) {

    static List<Port> of(List<Obj> ports) {
        List<Port> out = new ArrayList<>(ports.size());
        for (Obj p : ports) {
            out.add(new Port(p.text("name").toLowerCase(Locale.ROOT), p.string("protocol").orElse("TCP").toLowerCase(Locale.ROOT),
                    (int) p.number("port").orElse(0)));
        }
        return List.copyOf(out);
    }

    /** @param wanted empty: any */
    boolean is(String wanted, String wantedProtocol) {
        return wanted.isEmpty() || name.equals(wanted) && protocol.equals(wantedProtocol);
    }
}
