package io.manul.network.dns.zone;

import io.manul.network.dns.wire.Name;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses as text and as octets; never asks a resolver. */
public final class Addresses {

    private Addresses() {
    }

    /** 4 or 16 octets; an IPv4-mapped one has 4. */
    public static Optional<byte[]> parse(String text) {
        boolean four = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        if (!four && !(text.contains(":") && text.matches("[0-9a-fA-F:.]{2,45}"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The address that a name below in-addr.arpa or ip6.arpa stands for. @param labels leftmost first, lower case */
    public static Optional<byte[]> reversed(List<String> labels) {
        int n = labels.size();
        if (n < 2 || !labels.get(n - 1).equals("arpa")) {
            return Optional.empty();
        }
        boolean four = labels.get(n - 2).equals("in-addr") && n == 6;
        if (!four && !(labels.get(n - 2).equals("ip6") && n == 34)) {
            return Optional.empty();
        }
        byte[] out = new byte[four ? 4 : 16];
        try {
            for (int i = 0; i < n - 2; i++) {
                String label = labels.get(i);
                int value = Integer.parseInt(label, four ? 10 : 16);
                if (value < 0 || value > (four ? 255 : 15) || label.charAt(0) == '+') {
                    return Optional.empty();
                }
                if (four) {
                    out[3 - i] = (byte) value;
                } else {
                    out[15 - i / 2] |= (byte) (i % 2 == 0 ? value : value << 4);
                }
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.of(out);
    }

    /** {@code 10-42-0-5}, {@code fd00--5}. */
    public static String dashed(byte[] address) {
        return text(address).replace('.', '-').replace(':', '-');
    }

    /** The address that a pod's label is, as {@code pods insecure} reads it. */
    public static Optional<byte[]> undashed(String label) {
        if (label.matches("[0-9]{1,3}(-[0-9]{1,3}){3}")) {
            return parse(label.replace('-', '.'));
        }
        return label.indexOf('-') < 0 ? Optional.empty() : parse(label.replace('-', ':'));
    }

    /** The name below in-addr.arpa or ip6.arpa. */
    public static Name reverse(byte[] address) {
        List<String> labels = new ArrayList<>();
        for (int i = address.length - 1; i >= 0; i--) {
            int b = address[i] & 255;
            if (address.length == 4) {
                labels.add(Integer.toString(b));
            } else {
                labels.add(Integer.toHexString(b & 15));
                labels.add(Integer.toHexString(b >> 4));
            }
        }
        labels.add(address.length == 4 ? "in-addr" : "ip6");
        labels.add("arpa");
        return Name.of(labels);
    }
}
