package io.manul.updater.internal;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Gates;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** Every gate, made when first asked for. */
final class GateTable implements Gates {

    /** How long callers wait at a closed gate (DESIGN.md: 5 s). */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private record Name(Class<?> type, String room) {
    }

    private final ConcurrentHashMap<Name, Gate<?>> gates = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("unchecked")
    public <S> Gate<S> gate(Class<S> type, String room) {
        return (Gate<S>) gates.computeIfAbsent(new Name(type, room), n -> new Gate<S>(room, PATIENCE));
    }
}
