package io.manul.listener;

import io.manul.api.gate.Gate;
import io.manul.api.http.ClientGone;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.http.Superseded;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * One exchange as it outlives a swap: request, outlet, how far the answer is, the last cursor. At any time at most one
 * {@link Stay} owns it; what another stay does has no effect (SWAP.md section 1).
 *
 * <p>The monitor of this object guards everything in it. Either one stay is the owner, or one thread is on its way to a
 * slot, or the exchange is over: whoever takes the ownership away starts the next thread under the same monitor.
 */
final class Call {

    private final Dispatcher dispatcher;
    private final Outlet outlet;
    private final Runnable finished;
    private Request request;
    private String room;
    private Stay owner;
    private boolean begun;
    private boolean streaming;
    private boolean ended;
    private boolean gone;
    private boolean touched;
    private Optional<String> cursor = Optional.empty();

    /** @param finished run once, when the exchange is over, however it ended */
    Call(Dispatcher dispatcher, Outlet outlet, String room, Request request, Runnable finished) {
        this.dispatcher = dispatcher;
        this.outlet = outlet;
        this.room = room;
        this.request = request;
        this.finished = finished;
        outlet.onRoom(this::wake);
    }

    private synchronized void wake() {
        notifyAll();
    }

    synchronized String room() {
        return room;
    }

    synchronized boolean over() {
        return ended || gone;
    }

    synchronized boolean isStream() {
        return streaming;
    }

    // ---- the dispatcher's side

    /** The calling thread's stay in that slot becomes the owner; empty when the exchange is over. */
    synchronized Optional<Stay> enter(Gate.Slot<Handler> slot) {
        if (over()) {
            return Optional.empty();
        }
        owner = new Stay(this, slot, request, outlet.joinable());
        return Optional.of(owner);
    }

    /** True when the stay returned without the answer that it owes. */
    synchronized boolean owes(Stay stay) {
        return owner == stay && !over();
    }

    /** True when nothing that the stay did or threw matters any more. */
    synchronized boolean lost(Stay stay) {
        return owner != stay || gone;
    }

    /** Takes the exchange from a stay that failed, if it may run again elsewhere. */
    synchronized boolean takeBack(Stay stay) {
        if (!owes(stay) || !streaming && (begun || touched)) {
            return false;
        }
        owner = null;
        return true;
    }

    /** Ends with an error answer, or breaks an answer that has begun; for the handler the client is gone. */
    synchronized void fail(Status status) {
        if (over()) {
            return;
        }
        if (begun) {
            outlet.abort(status.message());
        } else {
            outlet.whole(status.code(), status.headers(), status.body());
        }
        leave();
    }

    /** The client is gone. */
    synchronized void gone() {
        if (over()) {
            return;
        }
        outlet.drop();
        leave();
    }

    private void leave() {
        gone = true;
        if (owner != null) {
            owner.interruptIdle();
        }
        finish();
    }

    private void finish() {
        ended = true;
        begun = true;
        dispatcher.over(this);
        finished.run();
        notifyAll();
    }

    // ---- the updater's side

    /** An open stream in that slot goes on in the room's current one. */
    synchronized boolean supersede(Gate.Slot<Handler> slot) {
        if (!streaming || over() || owner == null || owner.slot() != slot) {
            return false;
        }
        Stay old = owner;
        again();
        old.interruptIdle();
        return true;
    }

    /** An untouched call that hangs in that slot is run again; its thread is woken to let it unwind. */
    synchronized boolean rescue(Gate.Slot<Handler> slot) {
        if (begun || touched || over() || owner == null || owner.slot() != slot) {
            return false;
        }
        Stay old = owner;
        again();
        old.interrupt();
        return true;
    }

    private void again() {
        owner = null;
        notifyAll();
        dispatcher.spawn(this);
    }

    /** How long the stay in that slot has not begun its answer. */
    synchronized long waitingMillis(Gate.Slot<Handler> slot) {
        return begun || over() || owner == null || owner.slot() != slot ? 0 : owner.ageMillis();
    }

    // ---- the stay's side

    synchronized void touch(Stay stay) {
        touched |= owner == stay;
    }

    synchronized void reply(Stay stay, int status, Map<String, String> headers, byte[] body) {
        if (owner != stay || gone) {
            return;
        }
        if (begun) {
            throw new IllegalStateException("the answer has already begun");
        }
        outlet.whole(status, headers, body);
        finish();
    }

    synchronized void begin(Stay stay, int status, Map<String, String> headers) throws Superseded {
        own(stay);
        if (stay.slot().retired() && !dispatcher.isFallback(room, stay.slot())) {
            again();
            throw new Superseded();
        }
        if (gone) {
            return;
        }
        if (ended || begun && !streaming) {
            throw new IllegalStateException("the answer has already begun");
        }
        if (!begun && outlet.obstacle().isPresent()) {
            fail(outlet.obstacle().get());
            return;
        }
        if (!begun) {
            outlet.begin(status, headers);
            begun = true;
            streaming = true;
        }
    }

    synchronized Optional<String> cursor() {
        return cursor;
    }

    synchronized void emit(Stay stay, byte[] chunk, String next) throws Superseded, ClientGone, InterruptedException {
        Objects.requireNonNull(chunk, "chunk");
        Optional<String> position = Optional.of(next);
        open(stay);
        while (outlet.full()) {
            wait();
            open(stay);
        }
        outlet.write(chunk);
        cursor = position;
    }

    synchronized void end(Stay stay) throws Superseded {
        own(stay);
        if (!over()) {
            outlet.end();
            finish();
        }
    }

    <T> T idle(Stay stay, Callable<T> wait) throws Exception {
        synchronized (this) {
            open(stay);
            stay.enterIdle();
        }
        try {
            return wait.call();
        } catch (Exception e) {
            synchronized (this) {
                open(stay);
            }
            throw e;
        } finally {
            synchronized (this) {
                stay.leaveIdle();
            }
        }
    }

    private void own(Stay stay) throws Superseded {
        if (owner != stay) {
            throw new Superseded();
        }
    }

    private void open(Stay stay) throws Superseded, ClientGone {
        own(stay);
        if (gone) {
            throw new ClientGone();
        }
        if (ended || !streaming) {
            throw new IllegalStateException(ended ? "the stream has ended" : "no stream was begun");
        }
    }

    synchronized void forward(Stay stay, String to, String target, Peer.Internal as) throws BadRequest {
        if (owner != stay || gone) {
            return;
        }
        if (begun) {
            throw new IllegalStateException("the answer has already begun");
        }
        request = request.forwarded(target, as);
        room = to;
        again();
    }

    synchronized void splice(Stay stay, SocketAddress to, String target) throws BadRequest {
        if (owner != stay || gone) {
            return;
        }
        if (!outlet.joinable()) {
            throw new IllegalStateException("there is no HTTP/1.1 connection to join");
        }
        if (begun) {
            throw new IllegalStateException("the answer has already begun");
        }
        outlet.join(request.withTarget(target), to);
        finish();
    }
}
