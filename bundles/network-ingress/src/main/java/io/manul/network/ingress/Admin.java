package io.manul.network.ingress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** HAProxy's runtime interface ("Management Guide", 9.3): one command a connection. */
interface Admin {

    /** @return what it answers @throws IOException when HAProxy is not there */
    String ask(String command) throws IOException;

    /** A command with a text behind it, which holds no empty line. */
    default String ask(String command, String text) throws IOException {
        return ask(command + " <<\n" + text + (text.endsWith("\n") ? "" : "\n"));
    }

    /** Through its socket. */
    static Admin at(Path socket) {
        return command -> {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer out = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.ISO_8859_1));
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                channel.shutdownOutput();
                ByteArrayOutputStream in = new ByteArrayOutputStream();
                ByteBuffer part = ByteBuffer.allocate(16 << 10);
                while (channel.read(part) >= 0) {
                    in.write(part.array(), 0, part.position());
                    part.clear();
                }
                return in.toString(StandardCharsets.ISO_8859_1).strip();
            }
        };
    }
}
