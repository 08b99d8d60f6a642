package io.manul.network.dns.zone;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ready endpoints of one EndpointSlice, packed: 4 or 16 octets each, and a name only where one was given. */
final class SliceEntry {

    private final int width;
    private final byte[] addresses;
    /** Null when no endpoint has one. */
    private final String[] hostnames;
    final List<Port> ports;

    private SliceEntry(int width, byte[] addresses, String[] hostnames, List<Port> ports) {
        this.width = width;
        this.addresses = addresses;
        this.hostnames = hostnames;
        this.ports = ports;
    }

    /** Empty for a slice of names (FQDN). */
    static Optional<SliceEntry> of(Obj slice) {
        int width = switch (slice.text("addressType")) {
            case "IPv4" -> 4;
            case "IPv6" -> 16;
            default -> 0;
        };
        if (width == 0) {
            return Optional.empty();
        }
        List<byte[]> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Obj e : slice.objects("endpoints")) {
            if (Boolean.FALSE.equals(e.get("conditions", "ready"))) {
                continue;
            }
            for (String ip : e.strings("addresses")) {
                Addresses.parse(ip).filter(a -> a.length == width).ifPresent(a -> {
                    found.add(a);
                    names.add(e.text("hostname").toLowerCase(Locale.ROOT));
                });
            }
        }
        byte[] packed = new byte[found.size() * width];
        for (int i = 0; i < found.size(); i++) {
            System.arraycopy(found.get(i), 0, packed, i * width, width);
        }
        boolean named = names.stream().anyMatch(n -> !n.isEmpty());
        return Optional.of(new SliceEntry(width, packed, named ? names.toArray(String[]::new) : null, Port.of(slice.objects("ports"))));
    }

    int size() {
        return addresses.length / width;
    }

    byte[] address(int i) {
        return Arrays.copyOfRange(addresses, i * width, (i + 1) * width);
    }

    /** Where this address is; -1 when it is not here. */
    int find(byte[] address) {
        if (address.length == width) {
            for (int i = 0; i < addresses.length; i += width) {
                if (Arrays.equals(addresses, i, i + width, address, 0, width)) {
                    return i / width;
                }
            }
        }
        return -1;
    }

    /** The endpoint's label below its Service. */
    String label(int i) {
        return hostnames == null || hostnames[i].isEmpty() ? Addresses.dashed(address(i)) : hostnames[i];
    }
}
