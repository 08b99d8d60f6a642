package io.manul.listener;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Gates;
import io.manul.api.gate.Unavailable;
import io.manul.api.http.Handler;
import io.manul.api.http.Streams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every exchange to the handler that serves its room now, on a virtual thread of its own, and to the next one when
 * versions change. Safe from any thread.
 */
final class Dispatcher implements Streams {

    /** More open exchanges than this are refused: each costs a few kilobytes of a small heap. */
    static final int MAX_OPEN = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Gates gates;
    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Gate.Slot<Handler>> fallbacks = new ConcurrentHashMap<>();
    private final Object idle = new Object();
    private volatile boolean stopping;

    Dispatcher(Gates gates) {
        this.gates = gates;
    }

    /** Begins an exchange. */
    void accept(Call call) {
        open.add(call);
        if (stopping) {
            call.fail(Status.unavailable("the server is stopping"));
        } else if (open.size() > MAX_OPEN) {
            call.fail(Status.of(429, "too many requests are open (limit " + MAX_OPEN + "), please try again later"));
        } else {
            spawn(call);
        }
    }

    void spawn(Call call) {
        Thread.ofVirtual().name("exchange").start(() -> serve(call));
    }

    void over(Call call) {
        open.remove(call);
        if (stopping) {
            synchronized (idle) {
                idle.notifyAll();
            }
        }
    }

    private void serve(Call call) {
        String room = call.room();
        Gate<Handler> gate = gates.gate(Handler.class, room);
        Gate.Slot<Handler> slot;
        try {
            slot = gate.enter();
        } catch (Unavailable e) {
            call.fail(Status.unavailable(e.getMessage()));
            return;
        }
        Optional<Gate.Slot<Handler>> again = visit(call, room, slot, true);
        again.ifPresent(previous -> visit(call, room, gate.enter(previous), false));
    }

    /** One stay; returns the slot in which the exchange shall be tried again. */
    private Optional<Gate.Slot<Handler>> visit(Call call, String room, Gate.Slot<Handler> slot, boolean mayRepeat) {
        try (slot) {
            Optional<Stay> entered = call.enter(slot);
            if (entered.isEmpty()) {
                return Optional.empty();
            }
            Stay stay = entered.get();
            try {
                slot.service().handle(stay);
                if (call.owes(stay)) {
                    throw new IllegalStateException("the handler returned without an answer");
                }
                slot.count(true);
            } catch (Throwable e) {
                return failed(call, room, stay, e, mayRepeat);
            }
            return Optional.empty();
        }
    }

    /** Nothing of the Throwable is kept: it would keep its thrower's class loader. */
    private Optional<Gate.Slot<Handler>> failed(Call call, String room, Stay stay, Throwable e, boolean mayRepeat) {
        if (call.lost(stay)) {
            return Optional.empty();
        }
        if (e instanceof Unavailable) {
            call.fail(Status.unavailable(e.getMessage()));
            return Optional.empty();
        }
        stay.slot().count(false);
        Gate.Slot<Handler> previous = fallbacks.get(room);
        boolean again = mayRepeat && previous != null && previous != stay.slot() && call.takeBack(stay);
        log(room, stay, e, again);
        if (again) {
            return Optional.of(previous);
        }
        call.fail(Status.of(500, "Internal error occurred: the component \"" + room
                + "\" failed on this request; the server's log has the cause"));
        return Optional.empty();
    }

    private void log(String room, Stay stay, Throwable e, boolean again) {
        int count = stay.slot().failed();
        if (count <= 10 || count % 100 == 0) {
            List<StackTraceElement> frames = List.of(e.getStackTrace());
            LOG.warn("A request failed room={} version={} method={} path={} failures={} again={} error={} at={}", room,
                    stay.slot().label(), stay.method(), stay.path(), count, again, e.toString(),
                    frames.subList(0, Math.min(8, frames.size())).toString());
        }
    }

    // ---- the swap (Streams)

    boolean isFallback(String room, Gate.Slot<Handler> slot) {
        return fallbacks.get(room) == slot;
    }

    @Override
    public void fallback(String room, Gate.Slot<Handler> previous) {
        Gate.Slot<Handler> before = previous == null ? fallbacks.remove(room) : fallbacks.put(room, previous);
        if (before != null && before != previous) {
            // a stream that stayed or began in the fallback slot must not be left behind in a retired slot
            move(before);
        }
    }

    @Override
    public int move(Gate.Slot<Handler> old) {
        int moved = 0;
        for (Call call : open) {
            moved += call.supersede(old) ? 1 : 0;
        }
        return moved;
    }

    @Override
    public int rescue(Gate.Slot<Handler> broken) {
        int rescued = 0;
        for (Call call : open) {
            rescued += call.rescue(broken) ? 1 : 0;
        }
        return rescued;
    }

    @Override
    public long oldestMillis(Gate.Slot<Handler> slot) {
        return open.stream().mapToLong(call -> call.waitingMillis(slot)).max().orElse(0);
    }

    // ---- the end

    /** Streams are broken off at once, other exchanges may end within the limit; none is accepted any more. */
    void stop(Duration limit) throws InterruptedException {
        stopping = true;
        Status why = Status.unavailable("the server is stopping");
        open.stream().filter(Call::isStream).forEach(call -> call.fail(why));
        long end = System.nanoTime() + limit.toNanos();
        synchronized (idle) {
            for (long left; !open.isEmpty() && (left = end - System.nanoTime()) > 0;) {
                idle.wait(left / 1_000_000 + 1);
            }
        }
        open.forEach(call -> call.fail(why));
    }
}
