package io.manul.cri.containerd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The end of a text file. */
final class Tail {

    private Tail() {
    }

    static String of(Path file, int limitBytes) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(0, channel.size() - limitBytes));
            ByteBuffer last = ByteBuffer.allocate(limitBytes);
            int read = 0;
            while (last.hasRemaining() && read >= 0) {
                read = channel.read(last);
            }
            return new String(last.array(), 0, last.position(), StandardCharsets.UTF_8);
        }
    }
}
