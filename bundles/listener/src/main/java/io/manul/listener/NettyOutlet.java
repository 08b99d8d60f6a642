package io.manul.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * An outlet to a channel: a queue that one task on the event loop empties in as few flushes as it can. Writers are held
 * back by bytes that the client has not taken ({@link #HIGH}), and Netty is never given more than that at once, so a whole
 * answer of megabytes is encrypted piece by piece as the client reads.
 *
 * <p>The queue and its counters are guarded by this object's monitor, the innermost lock of the room.
 */
abstract class NettyOutlet extends Outlet {

    /** Bytes: a writer waits from here on; as many may be in the channel. */
    static final int HIGH = 64 << 10;
    private static final int PIECE = 32 << 10;
    private static final byte[] NOTHING = {};

    /** @param length of the body, -1 when unknown; @param last no body follows */
    record Head(int status, Map<String, String> headers, long length, boolean last) {
    }

    record Piece(byte[] bytes, int from, int length, boolean last) {
        ByteBuf buffer() {
            return Unpooled.wrappedBuffer(bytes, from, length);
        }
    }

    protected final ChannelHandlerContext ctx;
    private final boolean headOnly;
    private final ArrayDeque<Object> queue = new ArrayDeque<>(4);
    private long pending;
    private long flying;
    private boolean pumping;
    private boolean closed;

    /** @param headOnly the request was a HEAD: no body goes out */
    NettyOutlet(ChannelHandlerContext ctx, boolean headOnly) {
        this.ctx = ctx;
        this.headOnly = headOnly;
    }

    // ---- on the event loop

    protected abstract ChannelFuture writeHead(Head head);

    protected abstract ChannelFuture writePiece(Piece piece);

    /** The channel took the last byte of the answer. */
    protected abstract void sent();

    /** Breaks the answer off, visibly. */
    protected abstract void breakOff(String why);

    /** How many of at most {@code most} bytes go out as the next piece; from any thread. */
    protected int cut(byte[] bytes, int from, int most) {
        return most;
    }

    // ---- from any thread

    @Override
    final void whole(int status, Map<String, String> headers, byte[] body) {
        boolean bare = headOnly || Headers.bodiless(status) || body.length == 0;
        enqueue(new Head(status, headers, body.length, bare), 0);
        if (!bare) {
            pieces(body, true);
        }
    }

    @Override
    void begin(int status, Map<String, String> headers) {
        enqueue(new Head(status, headers, -1, false), 0);
    }

    @Override
    final void write(byte[] chunk) {
        if (!headOnly) {
            pieces(chunk, false);
        }
    }

    @Override
    final void end() {
        enqueue(new Piece(NOTHING, 0, 0, true), 0);
    }

    @Override
    final void abort(String why) {
        drop();
        ctx.executor().execute(() -> breakOff(why));
    }

    @Override
    final synchronized void drop() {
        closed = true;
        queue.clear();
        pending = 0;
    }

    @Override
    final synchronized boolean full() {
        return pending >= HIGH;
    }

    private void pieces(byte[] bytes, boolean last) {
        for (int from = 0, length; from < bytes.length; from += length) {
            length = cut(bytes, from, Math.min(PIECE, bytes.length - from));
            enqueue(new Piece(bytes, from, length, last && from + length == bytes.length), length);
        }
    }

    private synchronized void enqueue(Object item, int bytes) {
        if (closed) {
            return;
        }
        queue.add(item);
        pending += bytes;
        if (!pumping) {
            pumping = true;
            ctx.executor().execute(this::pump);
        }
    }

    private void pump() {
        do {
            for (Object item = take(); item != null; item = take()) {
                send(item);
            }
            ctx.channel().flush();
        } while (more());
    }

    private synchronized Object take() {
        if (flying >= HIGH) {
            return null;
        }
        Object item = queue.poll();
        if (item instanceof Piece piece) {
            flying += piece.length;
        }
        return item;
    }

    private synchronized boolean more() {
        pumping = !queue.isEmpty() && flying < HIGH;
        return pumping;
    }

    private void send(Object item) {
        switch (item) {
            case Head head -> writeHead(head).addListener(f -> written(0, head.last));
            case Piece piece -> writePiece(piece).addListener(f -> written(piece.length, piece.last));
            default -> throw new IllegalStateException(item.toString());
        }
    }

    private void written(int bytes, boolean last) {
        boolean roomy;
        synchronized (this) {
            boolean was = pending >= HIGH;
            flying -= bytes;
            pending = Math.max(0, pending - bytes);
            roomy = was && pending < HIGH;
            if (!pumping && !queue.isEmpty() && flying < HIGH) {
                pumping = true;
                ctx.executor().execute(this::pump);
            }
        }
        if (roomy) {
            tellRoom();
        }
        if (last) {
            sent();
        }
    }
}
