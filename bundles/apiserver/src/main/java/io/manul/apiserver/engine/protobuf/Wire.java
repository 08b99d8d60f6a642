package io.manul.apiserver.engine.protobuf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the protobuf wire format (Protocol Buffers, "Encoding"). */
final class Wire {

    private final ByteBuffer in;
    private int number;
    private int type;

    Wire(ByteBuffer in) {
        this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves to the next field; false at the end. */
    boolean next() throws BadWire {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        type = (int) (tag & 7);
        return true;
    }

    int number() {
        return number;
    }

    boolean message() {
        return type == 2;
    }

    /** An integer of any width, or a length-delimited part's length (then {@link #part}). */
    long integer() throws BadWire {
        return switch (type) {
            case 0 -> varint();
            case 1 -> fixed(8).getLong();
            case 5 -> fixed(4).getInt();
            default -> throw new BadWire("field " + number + " is not a number");
        };
    }

    double real() throws BadWire {
        return switch (type) {
            case 1 -> fixed(8).getDouble();
            case 5 -> fixed(4).getFloat();
            default -> throw new BadWire("field " + number + " is not a floating-point number");
        };
    }

    ByteBuffer part() throws BadWire {
        if (type != 2) {
            throw new BadWire("field " + number + " is not a message or text");
        }
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new BadWire("field " + number + " is longer than the body");
        }
        return fixed((int) length);
    }

    String text() throws BadWire {
        return StandardCharsets.UTF_8.decode(part()).toString();
    }

    byte[] bytes() throws BadWire {
        ByteBuffer p = part();
        byte[] b = new byte[p.remaining()];
        p.get(b);
        return b;
    }

    void skip() throws BadWire {
        switch (type) {
            case 0 -> varint();
            case 1 -> fixed(8);
            case 2 -> part();
            case 5 -> fixed(4);
            default -> throw new BadWire("wire type " + type + " is not known");
        }
    }

    private ByteBuffer fixed(int n) throws BadWire {
        if (n > in.remaining()) {
            throw new BadWire("the body ends in field " + number);
        }
        ByteBuffer p = in.slice(in.position(), n).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + n);
        return p;
    }

    private long varint() throws BadWire {
        long value = 0;
        try {
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = in.get();
                value |= (long) (b & 127) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        } catch (BufferUnderflowException e) {
            throw new BadWire("the body ends within a number");
        }
        throw new BadWire("a number has more than 64 bits");
    }
}
