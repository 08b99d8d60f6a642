package io.manul.runtime;

import io.manul.json.Obj;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One request to a running server, through its root-only Unix socket. */
final class ConsoleClient {

    /** @param status HTTP status */
    record Answer(int status, Obj body) {
    }

    private final Path socket;

    ConsoleClient(Path dataDir) {
        Path data = dataDir.toAbsolutePath().normalize();
        this.socket = (data.equals(Path.of("/var/lib/manul")) ? Path.of("/run/manul") : data.resolve("run")).resolve("manul.sock");
    }

    Answer ask(String method, String target) throws UsageException {
        if (!Files.exists(socket)) {
            throw new UsageException("no server runs here: " + socket + " does not exist; start one with `manul server`"
                    + " or name its --data-dir");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((method + " " + target + " HTTP/1.1\r\nHost: manul\r\nConnection: close\r\n"
                    + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return parse(all.toByteArray());
        } catch (IOException e) {
            throw new UsageException("the server at " + socket + " does not answer (" + e.getMessage() + "); is it running, and are you root?");
        }
    }

    private static Answer parse(byte[] response) throws IOException {
        String text = new String(response, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.1 ")) {
            throw new IOException("the answer broke off");
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), Obj.parse(text.substring(end + 4)));
    }
}
