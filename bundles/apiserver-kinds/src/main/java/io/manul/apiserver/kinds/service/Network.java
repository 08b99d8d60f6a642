package io.manul.apiserver.kinds.service;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;

/** A network of cluster addresses. @param base first address as a number @param bits prefix length @param six IPv6 */
record Network(BigInteger base, int bits, boolean six) {

    static Network of(String cidr) {
        String[] parts = cidr.strip().split("/");
        boolean six = parts[0].contains(":");
        int bits = Integer.parseInt(parts[1]);
        int free = (six ? 128 : 32) - bits;
        return new Network(Ips.number(parts[0]).shiftRight(free).shiftLeft(free), bits, six);
    }

    /** How many addresses; more than 2^60 count as that. */
    long size() {
        return 1L << Math.min(60, (six ? 128 : 32) - bits);
    }

    /** Neither the network's own address nor, in IPv4, the broadcast one is given away. */
    boolean contains(String ip) {
        if (ip.contains(":") != six) {
            return false;
        }
        BigInteger offset = Ips.number(ip).subtract(base);
        return offset.signum() > 0 && offset.compareTo(BigInteger.valueOf(last())) <= 0;
    }

    /** The last offset that may be given. */
    long last() {
        return six ? size() - 1 : size() - 2;
    }

    /** KEP-3070: min(max(16, size/16), 256) addresses at the bottom are left to people while there are others. */
    long band() {
        return Math.min(Math.max(16, size() / 16), 256);
    }

    /** An offset above the band, or in it when the network is no larger. */
    long random(RandomGenerator random) {
        long band = band() > last() ? 0 : band();
        return band + 1 + (last() - band > 0 ? random.nextLong(last() - band) : 0);
    }

    String address(long offset) {
        byte[] all = base.add(BigInteger.valueOf(offset)).toByteArray();
        byte[] bytes = new byte[six ? 16 : 4];
        int count = Math.min(all.length, bytes.length);
        System.arraycopy(all, all.length - count, bytes, bytes.length - count, count);
        try {
            return Ips.text(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return address(0) + "/" + bits;
    }
}
