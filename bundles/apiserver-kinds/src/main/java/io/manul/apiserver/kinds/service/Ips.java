package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses and networks as the API writes them (apimachinery, util/validation). Literals only: nothing is looked up. */
final class Ips {

    static final String NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private Ips() {
    }

    static boolean valid(String ip) {
        if (Texts.isIpv4(ip)) {
            return true;
        }
        try {
            return ip.indexOf(':') >= 0 && ip.indexOf('%') < 0 && ip.indexOf('[') < 0 && InetAddress.ofLiteral(ip) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean check(String ip, String path, FieldErrors e) {
        if (!valid(ip)) {
            e.invalid(path, ip, NOT_AN_IP);
        }
        return valid(ip);
    }

    static boolean validCidr(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0 || !valid(cidr.substring(0, slash)) || !cidr.substring(slash + 1).matches("[0-9]{1,3}")) {
            return false;
        }
        return Integer.parseInt(cidr.substring(slash + 1)) <= (cidr.contains(":") ? 128 : 32);
    }

    static void checkCidr(String cidr, String path, FieldErrors e) {
        if (!validCidr(cidr)) {
            e.invalid(path, cidr, NOT_A_CIDR);
        }
    }

    static String family(String ip) {
        return ip.contains(":") ? "IPv6" : "IPv4";
    }

    static BigInteger number(String ip) {
        return new BigInteger(1, InetAddress.ofLiteral(ip).getAddress());
    }

    /** Where no endpoint can be; also said of external addresses, for historical reasons. */
    static void endpoint(String ip, String path, FieldErrors e) {
        InetAddress a = InetAddress.ofLiteral(ip);
        if (a.isAnyLocalAddress()) {
            e.invalid(path, ip, "may not be unspecified (" + ip + ")");
        }
        if (a.isLoopbackAddress()) {
            e.invalid(path, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (a.isLinkLocalAddress()) {
            e.invalid(path, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (a.isMulticastAddress() && (a instanceof Inet6Address ? a.isMCLinkLocal() : ip.startsWith("224.0.0."))) {
            e.invalid(path, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    /** As RFC 5952 wants it: the longest run of zeros is {@code ::}. */
    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] b = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (b[2 * i] & 255) << 8 | b[2 * i + 1] & 255;
        }
        int start = -1;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int n = 0;
            while (i + n < 8 && groups[i + n] == 0) {
                n++;
            }
            if (n > most) {
                most = n;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += most - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
