package io.manul.network.dns.forward;

import io.manul.network.dns.wire.Edns;
import io.manul.network.dns.wire.Malformed;
import io.manul.network.dns.wire.Message;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Reader;
import io.manul.network.dns.wire.Writer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One other server. Each query goes from a socket of its own, so that its port is random, with a random id; an answer counts
 * only from that server, with that id and question (RFC 5452). Safe from any thread.
 */
public final class Upstream {

    private static final long DOWN_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int FAILURES = 2;

    private final InetSocketAddress address;
    private final RandomGenerator random;
    private volatile int failures;
    private volatile long downUntil;
    private volatile boolean loops;

    public Upstream(InetSocketAddress address, RandomGenerator random) {
        this.address = address;
        this.random = random;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Asks us again what we ask it: never to be asked. */
    public void loops(boolean yes) {
        loops = yes;
    }

    public boolean loops() {
        return loops;
    }

    boolean down(long now) {
        return failures >= FAILURES && now - downUntil < 0;
    }

    /** By UDP, and again by TCP when it does not fit. */
    public Message ask(Question question, int flags, boolean signatures, boolean tcpOnly, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        try {
            Message query = Message.query(random.nextInt(65536), Message.RECURSION_DESIRED | flags, question,
                    Optional.of(new Edns(Edns.SIZE, 0, signatures)));
            Message answer = tcpOnly ? tcp(query, end) : udp(query, end);
            if (answer.truncated() && !tcpOnly) {
                answer = tcp(query, end);
            }
            failures = 0;
            return answer;
        } catch (IOException e) {
            downUntil = System.nanoTime() + DOWN_NANOS;
            failures = Math.min(FAILURES, failures + 1);
            throw e;
        }
    }

    private Message udp(Message query, long end) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            byte[] out = Writer.write(query, Edns.SIZE);
            socket.send(new DatagramPacket(out, out.length));
            byte[] in = new byte[4096];
            for (;;) {
                socket.setSoTimeout(left(end));
                DatagramPacket packet = new DatagramPacket(in, in.length);
                socket.receive(packet);
                Message answer = read(query, in, packet.getLength());
                if (answer != null) {
                    return answer;
                }
            }
        }
    }

    private Message tcp(Message query, long end) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, left(end));
            byte[] out = Writer.write(query, Writer.MOST);
            byte[] framed = new byte[out.length + 2];
            framed[0] = (byte) (out.length >> 8);
            framed[1] = (byte) out.length;
            System.arraycopy(out, 0, framed, 2, out.length);
            socket.getOutputStream().write(framed);
            socket.setSoTimeout(left(end));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] body = new byte[in.readUnsignedShort()];
            in.readFully(body);
            Message answer = read(query, body, body.length);
            if (answer == null) {
                throw new IOException("answered something else");
            }
            return answer;
        }
    }

    /** Null: not the answer to this. */
    private static Message read(Message query, byte[] in, int length) {
        try {
            Message m = Reader.read(in, length);
            return m.response() && m.id() == query.id() && m.question().equals(query.question()) ? m : null;
        } catch (Malformed e) {
            return null;
        }
    }

    private static int left(long end) throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) millis;
    }

    @Override
    public String toString() {
        return address.getAddress().getHostAddress() + (address.getPort() == 53 ? "" : ":" + address.getPort());
    }
}
