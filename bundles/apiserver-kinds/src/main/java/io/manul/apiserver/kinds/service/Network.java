package io.manul.apiserver.kinds.service;

/** An IPv4 network. @param base first address as a number @param bits prefix length */
record Network(long base, int bits) {

    static Network of(String cidr) {
        String[] parts = cidr.split("/");
        int bits = Integer.parseInt(parts[1]);
        return new Network(number(parts[0]) & -1L << 32 - bits & 0xffffffffL, bits);
    }

    private static long number(String ip) {
        long n = 0;
        for (String octet : ip.split("\\.")) {
            n = n << 8 | Integer.parseInt(octet);
        }
        return n;
    }

    long size() {
        return 1L << 32 - bits;
    }

    boolean contains(String ip) {
        long offset = number(ip) - base;
        return offset > 0 && offset < size() - 1;
    }

    String address(long offset) {
        long n = base + offset;
        return (n >> 24 & 255) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
    }

    @Override
    public String toString() {
        return address(0) + "/" + bits;
    }
}
