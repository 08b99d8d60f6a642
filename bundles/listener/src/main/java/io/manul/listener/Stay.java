package io.manul.listener;

import io.manul.api.gate.Gate;
import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * One version's view of an exchange, while one thread of it handles it; worthless as soon as it is not the owner.
 * Its mutable state is guarded by the call's monitor.
 */
final class Stay implements Exchange, ResumableStream {

    private final Call call;
    private final Gate.Slot<Handler> slot;
    private final Request request;
    private final boolean joinable;
    private final Thread thread = Thread.currentThread();
    private final long since = System.nanoTime();
    private boolean idle;
    private boolean interrupted;

    Stay(Call call, Gate.Slot<Handler> slot, Request request, boolean joinable) {
        this.call = call;
        this.slot = slot;
        this.request = request;
        this.joinable = joinable;
    }

    Gate.Slot<Handler> slot() {
        return slot;
    }

    long ageMillis() {
        return (System.nanoTime() - since) / 1_000_000;
    }

    // ---- under the call's monitor

    void enterIdle() {
        idle = true;
    }

    void leaveIdle() {
        idle = false;
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    void interruptIdle() {
        if (idle) {
            interrupted = true;
            thread.interrupt();
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    // ---- what the handler sees

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public Map<String, List<String>> query() {
        return request.query();
    }

    @Override
    public String target() {
        return request.target();
    }

    @Override
    public Map<String, List<String>> headers() {
        return request.headers();
    }

    @Override
    public byte[] body() {
        return request.body();
    }

    @Override
    public Peer peer() {
        return request.peer();
    }

    @Override
    public boolean upgrade() {
        return joinable && request.asksForUpgrade();
    }

    @Override
    public void touched() {
        call.touch(this);
    }

    @Override
    public void reply(int status, Map<String, String> headers, byte[] body) {
        call.reply(this, Headers.finalStatus(status), Headers.checked(headers), body);
    }

    @Override
    public ResumableStream stream(int status, Map<String, String> headers) throws Superseded {
        call.begin(this, Headers.finalStatus(status), Headers.checked(headers));
        return this;
    }

    @Override
    public void splice(SocketAddress address, String target) {
        SocketAddress to = Splice.resolved(address);
        try {
            call.splice(this, to, target);
        } catch (BadRequest e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    @Override
    public void forward(String room, String target, Peer.Internal as) {
        try {
            call.forward(this, room, target, as);
        } catch (BadRequest e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    @Override
    public Optional<String> cursor() {
        return call.cursor();
    }

    @Override
    public void emit(byte[] chunk, String cursor) throws Superseded, ClientGone, InterruptedException {
        call.emit(this, chunk, cursor);
    }

    @Override
    public <T> T idle(Callable<T> wait) throws Exception {
        return call.idle(this, wait);
    }

    @Override
    public void end() throws Superseded {
        call.end(this);
    }
}
