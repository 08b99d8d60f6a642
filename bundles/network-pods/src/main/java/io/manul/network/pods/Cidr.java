package io.manul.network.pods;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An address range: {@code 10.42.0.0/24}, {@code fd42::/64}. */
record Cidr(InetAddress base, int prefix) {

    /** One or two ranges separated by a comma, as Node.spec.podCIDRs and --cluster-cidr have them. */
    static List<Cidr> list(String text) {
        List<Cidr> all = new ArrayList<>();
        for (String one : text.split(",")) {
            all.add(parse(one.strip()));
        }
        if (all.size() > 2) {
            throw new IllegalArgumentException("\"" + text + "\": at most one IPv4 and one IPv6 range");
        }
        return List.copyOf(all);
    }

    private static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (!text.matches("[0-9A-Fa-f.:]{2,45}/\\d{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no CIDR; expected e.g. 10.42.0.0/24");
        }
        InetAddress address = InetAddress.ofLiteral(text.substring(0, slash));
        int bits = address.getAddress().length * 8;
        int prefix = Integer.parseInt(text.substring(slash + 1));
        if (prefix < 8 || prefix > bits - 2) {
            throw new IllegalArgumentException("\"" + text + "\": the prefix must be 8 to " + (bits - 2));
        }
        return new Cidr(masked(address, prefix), prefix);
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + Arrays.toString(bytes), e);
        }
    }

    boolean six() {
        return base.getAddress().length == 16;
    }

    /** The first range of the size of one node's. */
    Cidr first() {
        return new Cidr(base, Math.max(prefix, six() ? 64 : 24));
    }

    /** As this class writes it, of what a tool wrote; a single address has its length. */
    static String text(String range) {
        int slash = range.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? range : range.substring(0, slash));
        return address.getHostAddress() + "/" + (slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(range.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefix;
    }
}
