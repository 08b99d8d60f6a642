package io.manul.tunnel;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What goes over the tunnel: one byte of kind, four of the stream's number, four of the length, the payload.
 *
 * @param stream 0 for the tunnel itself
 */
record Frame(Kind kind, int stream, byte[] payload) {

    static final int MOST = 32 << 10;
    private static final byte[] NOTHING = new byte[0];

    enum Kind {
        /** A new stream, by the server; the payload names the room that it is for. */
        OPEN,
        DATA,
        /** The payload's four bytes say how many more bytes may come on the stream. */
        CREDIT,
        /** No more data comes this way. */
        END,
        /** The stream is over both ways; the payload says why. */
        RESET,
        PING,
        PONG
    }

    Frame(Kind kind, int stream) {
        this(kind, stream, NOTHING);
    }

    static Frame credit(int stream, int bytes) {
        return new Frame(Kind.CREDIT, stream, new byte[] {(byte) (bytes >>> 24), (byte) (bytes >>> 16), (byte) (bytes >>> 8), (byte) bytes});
    }

    int number() throws IOException {
        if (payload.length != 4) {
            throw new IOException("a " + kind + " frame of " + payload.length + " bytes");
        }
        return (payload[0] & 0xff) << 24 | (payload[1] & 0xff) << 16 | (payload[2] & 0xff) << 8 | payload[3] & 0xff;
    }

    static Frame read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        int stream = in.readInt();
        int length = in.readInt();
        if (kind >= Kind.values().length || stream < 0 || length < 0 || length > MOST) {
            throw new IOException("what came is no frame of the tunnel (kind " + kind + ", stream " + stream + ", " + length + " bytes)");
        }
        byte[] payload = length == 0 ? NOTHING : new byte[length];
        in.readFully(payload);
        return new Frame(Kind.values()[kind], stream, payload);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(kind.ordinal());
        out.writeInt(stream);
        out.writeInt(payload.length);
        out.write(payload);
    }
}
