package io.manul.cri.grpc;

import io.manul.cri.CriException;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Cuts the bytes of a stream into messages: one byte "compressed", four bytes of length, the message (PROTOCOL-HTTP2.md,
 * Length-Prefixed-Message). Used by one event loop.
 */
final class MessageReader {

    static final int LIMIT_BYTES = 16 << 20;
    private static final int PREFIX = 5;

    private final byte[] prefix = new byte[PREFIX];
    private byte[] message;
    private int filled;

    /** @throws CriException when the peer sends what was not asked for; the stream is of no use afterwards */
    void read(ByteBuf data, Consumer<byte[]> whole) throws CriException {
        while (data.isReadable()) {
            byte[] target = message == null ? prefix : message;
            int step = Math.min(target.length - filled, data.readableBytes());
            data.readBytes(target, filled, step);
            filled += step;
            if (filled < target.length) {
                return;
            }
            filled = 0;
            if (message == null) {
                message = new byte[length()];
                if (message.length > 0) {
                    continue;
                }
            }
            byte[] complete = message;
            message = null;
            whole.accept(complete);
        }
    }

    /** True between two messages. */
    boolean empty() {
        return message == null && filled == 0;
    }

    private int length() throws CriException {
        if (prefix[0] != 0) {
            throw new CriException(CriException.Code.INTERNAL, "the answer is compressed, which was not offered");
        }
        long length = (prefix[1] & 0xffL) << 24 | (prefix[2] & 0xff) << 16 | (prefix[3] & 0xff) << 8 | prefix[4] & 0xff;
        if (length > LIMIT_BYTES) {
            throw new CriException(CriException.Code.RESOURCE_EXHAUSTED,
                    "the answer has " + length + " bytes, the limit is " + LIMIT_BYTES);
        }
        return (int) length;
    }
}
