package io.manul.heartbeat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiver, sender and callback of one Paho client, to let go who waits for them. Paho 1.2.5 starts each and then looks
 * every 100 ms whether it runs ({@code CommsReceiver}, {@code CommsSender}, {@code CommsCallback}, {@code start}), deaf to
 * interrupts: one that has begun and ended in between, as when a broker hangs up at once, is waited for without an end. Marked as running
 * after the client is closed, the waiting thread goes on, finds the client closed, and ends. Safe for threads as Paho is: its
 * states are changed under its own locks.
 */
final class Workers {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final List<Object> workers;

    private Workers(List<Object> workers) {
        this.workers = workers;
    }

    /** Before {@code close}, which forgets them; no new one may be started from here on. */
    static Workers of(MqttAsyncClient client) {
        List<Object> found = new ArrayList<>();
        try {
            Object comms = field(client, "comms").get(client);
            for (String name : List.of("receiver", "sender", "callback")) {
                Object worker = field(comms, name).get(comms);
                if (worker != null) {
                    found.add(worker);
                }
            }
        } catch (ReflectiveOperationException e) {
            LOG.warn("This version of Paho is not known: a thread may stay for each broken connection why={}", e.toString());
        }
        return new Workers(found);
    }

    void release() {
        for (Object worker : workers) {
            try {
                synchronized (field(worker, "lifecycle").get(worker)) {
                    for (String state : List.of("current_state", "target_state")) {
                        Field f = field(worker, state);
                        f.set(worker, running(f.getType()));
                    }
                }
            } catch (ReflectiveOperationException e) {
                LOG.warn("This version of Paho is not known: a thread may stay for each broken connection why={}", e.toString());
            }
        }
    }

    private static Object running(Class<?> states) throws NoSuchFieldException {
        for (Object state : states.getEnumConstants()) {
            if (state.toString().equals("RUNNING")) {
                return state;
            }
        }
        throw new NoSuchFieldException(states.getName() + ".RUNNING");
    }

    private static Field field(Object of, String name) throws NoSuchFieldException {
        for (Class<?> c = of.getClass(); c != null; c = c.getSuperclass()) {
            for (Field f : c.getDeclaredFields()) {
                if (f.getName().equals(name)) {
                    f.setAccessible(true);
                    return f;
                }
            }
        }
        throw new NoSuchFieldException(of.getClass().getName() + "." + name);
    }
}
