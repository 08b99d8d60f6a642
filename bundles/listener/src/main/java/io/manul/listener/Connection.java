package io.manul.listener;

import io.manul.api.http.Peer;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What the exchanges of one connection share: where they go, who asks, and the time without any. Lives on the connection's
 * event loop.
 */
final class Connection {

    private final Channel channel;
    private final Dispatcher dispatcher;
    private final Budget bodies;
    private final String room;
    private final Peer peer;
    private final Limits limits;
    private int busy;
    private long freeSince = System.nanoTime();
    private Future<?> timer;

    Connection(Channel channel, Dispatcher dispatcher, Budget bodies, String room, Peer peer, Limits limits) {
        this.channel = channel;
        this.dispatcher = dispatcher;
        this.bodies = bodies;
        this.room = room;
        this.peer = peer;
        this.limits = limits;
        channel.closeFuture().addListener(f -> stopTimer());
        watch(limits.idle().toNanos());
    }

    Peer peer() {
        return peer;
    }

    Limits limits() {
        return limits;
    }

    Body body() {
        return new Body(bodies);
    }

    Call accept(Request request, Outlet outlet, Body body) {
        Call call = new Call(dispatcher, outlet, Supervisor.room(room, request.path()), request, body::release);
        dispatcher.accept(call);
        return call;
    }

    /** A request begins. */
    void busy() {
        busy++;
    }

    /** An exchange is over. */
    void free() {
        if (--busy == 0) {
            freeSince = System.nanoTime();
            if (timer == null) {
                watch(limits.idle().toNanos());
            }
        }
    }

    /** The connection is not one of exchanges any more. */
    void joined() {
        busy = Integer.MAX_VALUE / 2;
        stopTimer();
    }

    private void watch(long nanos) {
        timer = channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (busy == 0) {
            long left = limits.idle().toNanos() - (System.nanoTime() - freeSince);
            if (left <= 0) {
                channel.close();
            } else {
                watch(left);
            }
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
