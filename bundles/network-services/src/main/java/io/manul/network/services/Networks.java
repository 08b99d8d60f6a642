package io.manul.network.services;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Networks in CIDR notation. Pure: literals only, nothing is looked up. */
final class Networks {

    private Networks() {
    }

    private static BigInteger number(String ip) {
        byte[] bytes = InetAddress.ofLiteral(ip).getAddress();
        return new BigInteger(1, bytes).setBit(bytes.length * 8); // the bit above tells the families apart
    }

    /** @param network an address counts as a network of one */
    static boolean contains(String network, String ip) {
        if (network.isEmpty() || ip.isEmpty()) {
            return false;
        }
        String[] parts = network.split("/");
        BigInteger base = number(parts[0]);
        BigInteger other = number(ip.split("/")[0]);
        int size = base.bitLength() - 1;
        int free = parts.length > 1 ? size - Integer.parseInt(parts[1]) : 0;
        return base.bitLength() == other.bitLength() && base.shiftRight(free).equals(other.shiftRight(free));
    }

    private static int bits(String network) {
        return network.contains("/") ? Integer.parseInt(network.substring(network.indexOf('/') + 1)) : 128;
    }

    /** Without those that lie inside another one: nft refuses overlapping intervals. */
    static List<String> apart(List<String> networks) {
        List<String> kept = new ArrayList<>();
        networks.stream().distinct().sorted(java.util.Comparator.comparingInt(Networks::bits)).forEach(n -> {
            if (kept.stream().noneMatch(k -> contains(k, n))) {
                kept.add(n);
            }
        });
        return kept;
    }
}
