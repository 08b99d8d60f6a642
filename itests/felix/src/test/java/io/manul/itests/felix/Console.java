package io.manul.itests.felix;

import io.manul.json.Obj;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks through the server's own Unix socket, as {@code manul swap} does. */
final class Console {

    record Answer(int status, Obj body) {
        String message() {
            return body.text("message");
        }
    }

    private final Path socket;

    Console(Path runDir) {
        this.socket = runDir.resolve("manul.sock");
    }

    Answer swap(String room, Path jar) throws IOException {
        return ask("POST", "/swap?name=" + room + "&to=" + URLEncoder.encode(jar.toString(), StandardCharsets.UTF_8));
    }

    Answer ask(String method, String target) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((method + " " + target
                    + " HTTP/1.1\r\nHost: manul\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        String text = all.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("the answer broke off: " + text);
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), Obj.parse(text.substring(end + 4)));
    }
}
