package io.manul.api.component;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The one OSGi service that a replaceable bundle registers. The updater, not the service registry, decides who acts and
 * who serves.
 *
 * <p>Order of a life: the bundle is started and its Declarative Services component activated (it takes its references,
 * opens nothing exclusive, starts no loop) · {@link #ready} · {@link #begin} · its {@link #offers} go into the gates ·
 * … · another version's offers take their place · {@link #end} · the bundle stops.
 *
 * <p>When a version replaces another: an {@link #exclusive} room's gates are closed, the old one ends, the new one
 * begins, the gates open on the new one. Otherwise the gates flip first, and the old one ends before the new one begins:
 * never do two versions act. When {@code begin} throws, the old one begins again: begin and end may alternate any number
 * of times on one object. All calls come from one updater thread.
 */
@ConsumerType
public interface Component {

    /** The room: its folder's name, the bundle symbolic name without {@code io.manul.}. */
    String name();

    /** True when {@link #begin} may be called. Returns at once. */
    default boolean ready() {
        return true;
    }

    /**
     * What this room puts into gates, by the API type; the gate's room name is {@link #name}. Constant for this object.
     */
    default Map<Class<?>, Object> offers() {
        return Map.of();
    }

    /** True when the old version must end before the new one may begin AND callers must wait meanwhile (a file, a port). */
    default boolean exclusive() {
        return false;
    }

    /**
     * Starts acting: opens what only one may hold, starts the loops on virtual threads, returns soon.
     *
     * @param state what the previous version's {@link #end} left; empty at a first start. Versioned by the room itself;
     *              unknown versions are ignored. Only an optimisation.
     */
    default void begin(byte[] state) throws Exception {
    }

    /**
     * Stops acting: ends its steps, closes what it opened, joins its threads, within 5 s. Open streams of its handlers are
     * not its concern. Never throws for what was closed already.
     *
     * @return state for the next version; may be empty
     */
    default byte[] end() throws Exception {
        return new byte[0];
    }

    /** How the loops fare; the updater flips back a new version whose loops fail or hang during its probation. */
    default Health health() {
        return Health.IDLE;
    }

    /**
     * @param steps       steps (reconciles, syncs, requests of its own) ended well since begin
     * @param failures    steps that threw what is a bug here, not what the world did (a conflict, a lost peer)
     * @param stuckMillis age of the oldest step that should be over long since; 0 without one
     * @param message     one sentence for people; empty when well
     */
    record Health(long steps, long failures, long stuckMillis, String message) {
        public static final Health IDLE = new Health(0, 0, 0, "");
    }
}
