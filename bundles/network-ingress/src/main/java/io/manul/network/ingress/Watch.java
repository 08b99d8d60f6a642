package io.manul.network.ingress;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Holds a connection to HAProxy that ends when it dies, or its worker is followed by another one. One virtual thread. */
final class Watch implements AutoCloseable {

    private final SocketChannel channel;
    private final Thread thread;
    private volatile boolean over;

    /** @param ended run once when it is over, but not after {@link #close} */
    Watch(Path socket, Runnable ended) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("prompt\n".getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        thread = Thread.ofVirtual().name("network-ingress-watch").start(() -> read(ended));
    }

    private void read(Runnable ended) {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(Watch.class).debug("The connection to HAProxy ended why={}", e.getMessage());
        }
        if (!over) {
            over = true;
            ended.run();
        }
    }

    boolean over() {
        return over;
    }

    @Override
    public void close() throws IOException {
        over = true;
        channel.close();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
