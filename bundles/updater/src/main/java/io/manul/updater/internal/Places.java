package io.manul.updater.internal;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The gates of one room, and what stands in them. */
final class Places {

    private final Gates gates;

    Places(Gates gates) {
        this.gates = gates;
    }

    /** The slots that left the gates, by type. */
    static final class Left {
        private final Map<Class<?>, Gate.Slot<?>> slots = new LinkedHashMap<>();

        Iterable<Gate.Slot<?>> all() {
            return slots.values();
        }

        @SuppressWarnings("unchecked")
        Optional<Gate.Slot<Handler>> handler() {
            return Optional.ofNullable((Gate.Slot<Handler>) slots.get(Handler.class));
        }
    }

    Left flip(Room room) {
        Left left = new Left();
        room.component.offers().forEach((type, service) -> flip(type, service, room, left));
        return left;
    }

    private <S> void flip(Class<S> type, Object service, Room room, Left left) {
        gates.gate(type, room.name).flip(type.cast(service), room.version()).ifPresent(s -> left.slots.put(type, s));
    }

    Left close(Room room) {
        Left left = new Left();
        room.component.offers().keySet()
                .forEach(type -> gates.gate(type, room.name).close().ifPresent(s -> left.slots.put(type, s)));
        return left;
    }

    /** @param action run when somebody begins to wait for this room's answers */
    void whenAwaited(String room, Runnable action) {
        gates.gate(Handler.class, room).whenAwaited(action);
    }

    Optional<Gate.Slot<Handler>> handler(String room) {
        return gates.gate(Handler.class, room).current();
    }

    /** Calls that ended badly and well in the room's current slots. */
    int[] counts(Room room) {
        int[] sum = new int[2];
        for (Class<?> type : room.component.offers().keySet()) {
            gates.gate(type, room.name).current().ifPresent(s -> {
                sum[0] += s.failed();
                sum[1] += s.succeeded();
            });
        }
        return sum;
    }
}
