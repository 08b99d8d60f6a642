package io.manul.listener;

import io.manul.api.http.Exchange;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request body as it arrives; bounded by {@link Exchange#MAX_BODY} and by the budget of all bodies. */
final class Body {

    private static final byte[] NONE = {};

    private final Budget budget;
    private final List<byte[]> parts = new ArrayList<>(1);
    private final AtomicBoolean released = new AtomicBoolean();
    private int size;

    Body(Budget budget) {
        this.budget = budget;
    }

    /** Refuses a length before any of it has come. */
    static void check(long announced) throws BadRequest {
        if (announced > Exchange.MAX_BODY) {
            throw new BadRequest(413, "Request entity too large: limit is " + Exchange.MAX_BODY);
        }
    }

    void add(ByteBuf bytes) throws BadRequest {
        int more = bytes.readableBytes();
        if (more == 0) {
            return;
        }
        check((long) size + more);
        if (!budget.take(more)) {
            throw new BadRequest(503, "too many request bodies are being read at once, please try again later");
        }
        byte[] part = new byte[more];
        bytes.readBytes(part);
        parts.add(part);
        size += more;
    }

    byte[] bytes() {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        byte[] all = size == 0 ? NONE : new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        parts.clear();
        return all;
    }

    /** The bytes are no longer needed. Safe from any thread, any number of times. */
    void release() {
        if (released.compareAndSet(false, true)) {
            budget.give(size);
        }
    }
}
