package io.manul.pki;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** IP addresses from their literals, never from names: nothing here asks a DNS server. */
final class Addresses {

    private Addresses() {
    }

    /** Empty for a host name. */
    static Optional<InetAddress> literal(String text) {
        if (!text.contains(":") && !text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text.replaceFirst("%.*", "")));
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    static InetAddress address(String text) {
        return literal(text).orElseThrow(() -> wrong(text));
    }

    private static PkiException wrong(String text) {
        return new PkiException("\"" + text + "\" is not an IP address; look at --tls-san, --node-ip, --bind-address and --service-cidr");
    }

    /** The first address after the network's own: the service {@code kubernetes}. */
    static InetAddress first(String cidr) {
        byte[] base = address(cidr.split("/")[0]).getAddress();
        byte[] next = new BigInteger(1, base).add(BigInteger.ONE).toByteArray();
        byte[] out = new byte[base.length];
        int n = Math.min(next.length, out.length);
        System.arraycopy(Arrays.copyOfRange(next, next.length - n, next.length), 0, out, out.length - n, n);
        try {
            return InetAddress.getByAddress(out);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + out.length + " bytes", e);
        }
    }

    static boolean any(String bind) {
        return bind.equals("0.0.0.0") || bind.equals("::");
    }

    /** As it stands in a URL. */
    static String host(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
