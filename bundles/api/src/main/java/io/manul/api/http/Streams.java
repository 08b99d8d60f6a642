package io.manul.api.http;

import io.manul.api.gate.Gate;
import org.osgi.annotation.versioning.ProviderType;

/** The listener's side of a swap: what happens to exchanges in flight when a room's gate flips. Used by the updater. */
@ProviderType
public interface Streams {
    /** While set, untouched calls of {@code room} that fail on its current slot run again on this one; null ends it. */
    void fallback(String room, Gate.Slot<Handler> previous);

    /** Open streams of the retired slot go to the room's current slot, from their cursor. Returns how many. */
    int move(Gate.Slot<Handler> old);

    /** Untouched calls that hang in the retired slot are taken away and run again on the current one. Returns how many. */
    int rescue(Gate.Slot<Handler> broken);

    /** Age in milliseconds of the oldest call in the slot whose answer has not begun; 0 without one. */
    long oldestMillis(Gate.Slot<Handler> slot);
}
