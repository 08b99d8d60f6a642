package io.manul.network.dns;

import io.manul.network.dns.wire.Malformed;
import io.manul.network.dns.wire.Message;
import io.manul.network.dns.wire.Reader;
import io.manul.network.dns.wire.Writer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A DNS server of the world outside, for tests: UDP and TCP at one port of loopback. Null: it says nothing. */
final class OtherServer implements AutoCloseable {

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Function<Message, Message> answers;
    private final List<Thread> threads;
    final List<Message> asked = new CopyOnWriteArrayList<>();
    final List<Integer> ports = new CopyOnWriteArrayList<>();
    volatile int limit = 1232;

    OtherServer(InetSocketAddress at, Function<Message, Message> answers) throws IOException {
        this.answers = answers;
        tcp = new ServerSocket();
        tcp.setReuseAddress(true);
        tcp.bind(at);
        udp = new DatagramSocket(new InetSocketAddress(at.getAddress(), tcp.getLocalPort()));
        threads = List.of(Thread.ofVirtual().start(this::datagrams), Thread.ofVirtual().start(this::connections));
    }

    OtherServer(Function<Message, Message> answers) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answers);
    }

    String address() {
        return tcp.getInetAddress().getHostAddress() + ":" + tcp.getLocalPort();
    }

    private byte[] answer(byte[] in, int length, int most) throws Malformed {
        Message query = Reader.read(in, length);
        asked.add(query);
        Message m = answers.apply(query);
        return m == null ? null : Writer.write(m, most);
    }

    private void datagrams() {
        byte[] in = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket p = new DatagramPacket(in, in.length);
                udp.receive(p);
                ports.add(p.getPort());
                byte[] out = answer(in, p.getLength(), limit);
                if (out != null) {
                    udp.send(new DatagramPacket(out, out.length, p.getSocketAddress()));
                }
            } catch (IOException | Malformed e) {
                if (!udp.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try (Socket s = tcp.accept()) {
                DataInputStream in = new DataInputStream(s.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] out = answer(query, query.length, Writer.MOST);
                if (out != null) {
                    s.getOutputStream().write(new byte[] {(byte) (out.length >> 8), (byte) out.length});
                    s.getOutputStream().write(out);
                }
            } catch (IOException | Malformed e) {
                if (!tcp.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() throws Exception {
        udp.close();
        tcp.close();
        for (Thread t : threads) {
            t.join();
        }
    }
}
