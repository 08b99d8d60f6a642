package io.manul.apiserver.kinds.networkpolicy;

import io.manul.apiserver.spi.FieldErrors;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/** A network as text, with upstream's strict rules (KEP-4858; apimachinery, util/validation). */
record CidrText(byte[] address, int bits) {

    /** What Go's sloppy parser takes: zeros before a number too. */
    static Optional<CidrText> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,6}") || !text.substring(0, slash).matches("[0-9a-fA-F:.]{2,60}")) {
            return Optional.empty();
        }
        String ip = text.substring(0, slash);
        if (ip.indexOf(':') < 0 && !ip.matches("[0-9]+(\\.[0-9]+){3}")) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.ofLiteral(plain(ip)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1)) - (mapped(ip) ? 96 : 0);
            return bits < 0 || bits > address.length * 8 ? Optional.empty() : Optional.of(new CidrText(address, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String plain(String ip) {
        return ip.indexOf('.') < 0 ? ip : ip.replaceAll("(?<=^|\\.)0+(?=[0-9])", "");
    }

    private static boolean mapped(String ip) {
        return ip.indexOf(':') >= 0 && ip.indexOf('.') > 0;
    }

    static void check(String text, String path, FieldErrors e) {
        Optional<CidrText> cidr = parse(text);
        if (cidr.isEmpty()) {
            e.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            return;
        }
        String ip = text.substring(0, text.indexOf('/'));
        if (!plain(ip).equals(ip) || text.matches(".*/0[0-9]+")) {
            e.invalid(path, text, "must not have leading 0s in IP or prefix length");
        } else if (ip.indexOf(':') >= 0 && cidr.get().address.length == 4) {
            e.invalid(path, text, "must not have an IPv4-mapped IPv6 address");
        } else if (!Arrays.equals(cidr.get().masked(cidr.get().bits), cidr.get().address)) {
            e.invalid(path, text, "must not have bits set beyond the prefix length");
        }
    }

    private byte[] masked(int length) {
        byte[] out = address.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] &= (byte) (0xff00 >> Math.clamp(length - i * 8, 0, 8));
        }
        return out;
    }

    /** The other one is a part of this, and smaller. */
    boolean holds(CidrText other) {
        return other.address.length == address.length && other.bits > bits && Arrays.equals(other.masked(bits), masked(bits));
    }
}
