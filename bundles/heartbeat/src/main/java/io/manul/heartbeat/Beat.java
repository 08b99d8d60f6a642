package io.manul.heartbeat;

import java.nio.ByteBuffer;

/**
 * One heartbeat: 28 bytes, big endian: version 1, flags 1, epoch 8, sequence 4, monotonic ms 6, wall clock ms 6, conditions 2.
 *
 * @param epoch      names one life of the sending process
 * @param sequence   grows within an epoch; unsigned 32 bits
 * @param monotonic  the sender's monotonic clock, ms; unsigned 48 bits
 * @param wall       the sender's wall clock, ms since 1970; unsigned 48 bits
 * @param conditions bits, {@link #READY} and so on
 */
record Beat(int flags, long epoch, long sequence, long monotonic, long wall, int conditions) {

    static final int BYTES = 28;
    static final int READY = 1;
    static final int MEMORY_PRESSURE = 1 << 1;
    static final int DISK_PRESSURE = 1 << 2;
    static final int PID_PRESSURE = 1 << 3;
    static final int NETWORK_UNAVAILABLE = 1 << 4;
    static final int DEVICE_UNHEALTHY = 1 << 5;
    static final int UPDATE_RUNNING = 1 << 6;
    static final int ON_BATTERY = 1 << 7;

    private static final int VERSION = 1;
    private static final long BITS_48 = 0xffff_ffff_ffffL;

    Beat {
        if ((sequence & ~0xffff_ffffL) != 0 || (monotonic & ~BITS_48) != 0 || (wall & ~BITS_48) != 0
                || (flags & ~0xff) != 0 || (conditions & ~0xffff) != 0) {
            throw new IllegalArgumentException("a heartbeat's field does not fit: sequence=" + sequence + " monotonic=" + monotonic
                    + " wall=" + wall + " flags=" + flags + " conditions=" + conditions);
        }
    }

    byte[] bytes() {
        ByteBuffer b = ByteBuffer.allocate(BYTES);
        b.put((byte) VERSION).put((byte) flags).putLong(epoch).putInt((int) sequence);
        b.putShort((short) (monotonic >> 32)).putInt((int) monotonic);
        b.putShort((short) (wall >> 32)).putInt((int) wall);
        return b.putShort((short) conditions).array();
    }

    /** @throws IllegalArgumentException not a heartbeat of this version; longer ones of it may come, their end is passed over */
    static Beat of(byte[] bytes) {
        if (bytes.length < BYTES) {
            throw new IllegalArgumentException("a heartbeat of " + bytes.length + " bytes; must be " + BYTES);
        }
        ByteBuffer b = ByteBuffer.wrap(bytes);
        int version = b.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("a heartbeat of version " + version + "; known is " + VERSION);
        }
        return new Beat(b.get() & 0xff, b.getLong(), b.getInt() & 0xffff_ffffL, six(b), six(b), b.getShort() & 0xffff);
    }

    private static long six(ByteBuffer b) {
        return (b.getShort() & 0xffffL) << 32 | b.getInt() & 0xffff_ffffL;
    }
}
