package io.manul.controllers.node;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;

/**
 * The ranges of one network, a node each.
 *
 * @param base of the network @param bits of its prefix @param size prefix of a node's range
 */
record Ranges(BigInteger base, int bytes, int bits, int size) {

    private static final int NODE_V4 = 24;
    private static final int NODE_V6 = 64;
    /** More nodes than this are no one cluster's; an IPv6 network would be searched for years. */
    private static final int MOST = 1 << 16;

    static Ranges of(String cidr) {
        String[] parts = cidr.split("/");
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int bits = Integer.parseInt(parts[1]);
        return new Ranges(new BigInteger(1, address), address.length, bits, Math.max(address.length == 4 ? NODE_V4 : NODE_V6, bits));
    }

    Optional<String> free(Set<String> taken) {
        long count = Math.min(MOST, size - bits > 16 ? MOST : 1L << size - bits);
        for (long i = 0; i < count; i++) {
            String cidr = text(base.add(BigInteger.valueOf(i).shiftLeft(bytes * 8 - size))) + "/" + size;
            if (!taken.contains(cidr)) {
                return Optional.of(cidr);
            }
        }
        return Optional.empty();
    }

    /** Of IPv6, the short form that Kubernetes writes (RFC 5952) for what ends in zeros, as these do. */
    private String text(BigInteger n) {
        byte[] raw = n.toByteArray();
        byte[] address = new byte[bytes];
        int length = Math.min(raw.length, bytes);
        System.arraycopy(raw, raw.length - length, address, bytes - length, length);
        try {
            String text = InetAddress.getByAddress(address).getHostAddress();
            return bytes == 4 ? text : text.replaceFirst("(:0)+$", "::").replaceFirst("^0::$", "::");
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes + " bytes", e);
        }
    }
}
