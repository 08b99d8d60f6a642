package io.manul.network.dns.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A record of class IN. @param ttl seconds @param data its RDATA, names in it without pointers; not changed by anybody */
public record Rr(Name owner, int type, int ttl, byte[] data) {

    public static Rr address(Name owner, int ttl, InetAddress address) {
        return address(owner, ttl, address.getAddress());
    }

    /** @param address 4 or 16 octets */
    public static Rr address(Name owner, int ttl, byte[] address) {
        return new Rr(owner, address.length == 4 ? Type.A : Type.AAAA, ttl, address);
    }

    public static Rr cname(Name owner, int ttl, Name target) {
        return new Rr(owner, Type.CNAME, ttl, target.data());
    }

    public static Rr ptr(Name owner, int ttl, Name target) {
        return new Rr(owner, Type.PTR, ttl, target.data());
    }

    public static Rr srv(Name owner, int ttl, int weight, int port, Name target) {
        return new Rr(owner, Type.SRV, ttl, ByteBuffer.allocate(6 + target.wire().length).putShort((short) 0).putShort((short) weight)
                .putShort((short) port).put(target.wire()).array());
    }

    public static Rr txt(Name owner, int ttl, String text) {
        byte[] b = text.getBytes(StandardCharsets.UTF_8);
        return new Rr(owner, Type.TXT, ttl, ByteBuffer.allocate(1 + b.length).put((byte) b.length).put(b).array());
    }

    /** @param minimum how long a "no" may be kept (RFC 2308) */
    public static Rr soa(Name zone, int ttl, Name server, Name mailbox, int serial, int minimum) {
        ByteBuffer out = ByteBuffer.allocate(server.wire().length + mailbox.wire().length + 20);
        out.put(server.wire()).put(mailbox.wire()).putInt(serial).putInt(7200).putInt(1800).putInt(86400).putInt(minimum);
        return new Rr(zone, Type.SOA, ttl, out.array());
    }

    /** The name that the data is (CNAME, PTR, NS). */
    public Name target() {
        return new Name(data);
    }

    /** The last four octets: of a SOA, how long a "no" may be kept. */
    public long minimum() {
        return Integer.toUnsignedLong(ByteBuffer.wrap(data).getInt(data.length - 4));
    }

    public Rr withTtl(int seconds) {
        return new Rr(owner, type, seconds, data);
    }

    public Rr withOwner(Name name) {
        return new Rr(name, type, ttl, data);
    }
}
