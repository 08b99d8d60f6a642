package io.manul.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The other end of a splice: reads a request's head, answers as told, then echoes until the client's end, then says bye. */
final class Backend implements AutoCloseable {

    final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final ServerSocketChannel server;
    private final String answer;

    Backend(SocketAddress address, String answer) throws IOException {
        this.answer = answer;
        server = address instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        server.bind(address);
        Thread.ofVirtual().start(this::accept);
    }

    static Backend tcp(String answer) throws IOException {
        return new Backend(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answer);
    }

    SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                SocketChannel one = server.accept();
                Thread.ofVirtual().start(() -> talk(one));
            }
        } catch (IOException e) {
            heads.add("closed");
        }
    }

    private void talk(SocketChannel one) {
        try (one) {
            InputStream in = Channels.newInputStream(one);
            OutputStream out = Channels.newOutputStream(one);
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.read());
            }
            heads.add(head.toString(StandardCharsets.ISO_8859_1));
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            byte[] some = new byte[16 << 10];
            long echoed = 0;
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                out.write(some, 0, n);
                echoed += n;
            }
            out.write(("bye after " + echoed).getBytes());
        } catch (IOException e) {
            heads.add("lost: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
