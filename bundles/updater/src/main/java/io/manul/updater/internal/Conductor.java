package io.manul.updater.internal;

import io.manul.api.gate.Gates;
import io.manul.api.http.Streams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the rooms of this framework: begins them in order, swaps one at a time, lets them rest and wakes them, ends them in reverse. */
final class Conductor implements Demand.Bed {

    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(3);
    private static final Duration FIRST_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    private final BundleContext context;
    private final Rooms rooms;
    private final Places places;
    private final Swap swap;
    private final Path scratch;
    private final Map<String, Room> active = new ConcurrentHashMap<>();
    private final Map<String, Resting> resting = new ConcurrentHashMap<>();
    private final Map<String, Demand> demands = new ConcurrentHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final List<Replaced> replaced = new ArrayList<>();
    private final Semaphore one = new Semaphore(1);
    private volatile boolean stopping;
    private int installs;

    /** A room that rests. */
    record Resting(Bundle bundle, Instant since) {
    }

    /** A version that went, as long as something still holds its classes. */
    private record Replaced(String version, WeakReference<ClassLoader> loader) {
    }

    Conductor(BundleContext context, Gates gates, Supplier<Optional<Streams>> streams, Path scratch) {
        this.context = context;
        this.rooms = new Rooms(context);
        this.places = new Places(gates);
        this.swap = new Swap(places, streams);
        this.scratch = scratch;
    }

    /** Begins the bundle's room as the first of its name. */
    void begin(Bundle bundle) throws Refused, InterruptedException {
        one.acquire();
        try {
            first(name(bundle), bundle);
            order.add(name(bundle));
        } finally {
            one.release();
        }
    }

    private void first(String name, Bundle bundle) throws Refused, InterruptedException {
        if (stopping) {
            throw new Refused("the server is stopping");
        }
        Room room = rooms.await(bundle, name, FIRST_LIMIT);
        Limit.call("begin of " + name, FIRST_LIMIT, () -> {
            room.component.begin(new byte[0]);
            return null;
        });
        places.flip(room);
        active.put(name, room);
    }

    // ---- rooms that begin when they are needed

    /** Takes a room in that rests until it is needed. */
    void restFirst(Bundle bundle) {
        String name = name(bundle);
        resting.put(name, new Resting(bundle, Instant.now()));
        order.add(name);
    }

    /** From now on the room begins and rests by what it is needed for. */
    void onDemand(Demand demand) {
        demands.put(demand.room(), demand);
        places.whenAwaited(demand.room(), demand::called);
        demand.start();
    }

    @Override
    public void wake(String name) throws Refused, InterruptedException {
        one.acquire();
        try {
            wakeHolding(name);
        } finally {
            one.release();
        }
    }

    private void wakeHolding(String name) throws Refused, InterruptedException {
        Resting r = resting.get(name);
        if (r != null) {
            first(name, r.bundle);
            resting.remove(name);
            Optional.ofNullable(demands.get(name)).ifPresent(Demand::changed);
            LOG.info("Room begun: it is needed room={}", name);
        }
    }

    @Override
    public void rest(String name) throws Refused, InterruptedException {
        one.acquire();
        try {
            Room room = active.get(name);
            if (room == null || stopping) {
                return;
            }
            places.close(room);
            try {
                Limit.call("end of " + name, Duration.ofSeconds(6), room.component::end);
            } catch (Refused e) {
                places.flip(room); // it goes on: nobody waits at a closed gate for it
                throw e;
            }
            active.remove(name);
            resting.put(name, new Resting(room.bundle, Instant.now()));
            BundleWiring wiring = room.bundle.adapt(BundleWiring.class);
            remember(name + " " + room.version() + " at rest", wiring);
            room.release(context);
            rooms.unload(room.bundle, name, STOP_LIMIT);
            FelixLeftovers.forget(context);
            LOG.info("Room at rest: nothing needs it room={}", name);
        } finally {
            one.release();
        }
    }

    @Override
    public boolean awake(String name) {
        return active.containsKey(name);
    }

    @Override
    public long calls(String name) {
        return places.handler(name).map(s -> (long) s.succeeded() + s.failed() + s.active()).orElse(0L);
    }

    Map<String, Resting> resting() {
        return new LinkedHashMap<>(resting);
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName().replaceFirst("^io\\.manul\\.", "");
    }

    Collection<Room> rooms() {
        return new ArrayList<>(active.values());
    }

    Optional<Room> room(String name) {
        return Optional.ofNullable(active.get(name));
    }

    /** What a finished swap has to tell. */
    record Swapped(String name, String from, String to, Swap.Took took, String remark) {
    }

    /**
     * Replaces a room.
     *
     * @param jar empty: the same bundle again, as a new version
     * @throws Refused when the room goes on with its old version
     */
    Swapped swap(String name, Optional<Path> jar, Duration probation) throws Refused, InterruptedException {
        one.acquire();
        try {
            wakeHolding(name);
            Room old = active.get(name);
            if (old == null) {
                throw new Refused("no component \"" + name + "\"; `manul components` lists them");
            }
            byte[] bytes = jar.isPresent() ? BundleJar.read(jar.get(), old.bundle) : BundleJar.again(source(name, old), old.bundle.getVersion());
            Bundle bundle = install(name, bytes);
            Room next = prepare(bundle, name, bytes);
            Swap.Took took;
            try {
                took = swap.replace(old, next, probation);
            } catch (Refused e) {
                next.release(context);
                String hangs = rooms.remove(bundle, name, STOP_LIMIT);
                throw new Refused(e.getMessage() + (hangs.isEmpty() ? "" : "; and " + hangs));
            }
            active.put(name, next);
            return new Swapped(name, old.version(), next.version(), took, retire(old));
        } finally {
            one.release();
        }
    }

    private Room prepare(Bundle bundle, String name, byte[] bytes) throws Refused, InterruptedException {
        try {
            Files.createDirectories(scratch);
            Files.write(scratch.resolve(name + ".jar"), bytes);
            rooms.start(bundle, name, START_LIMIT);
            return rooms.await(bundle, name, START_LIMIT);
        } catch (Refused e) {
            String hangs = rooms.remove(bundle, name, STOP_LIMIT);
            throw new Refused(e.getMessage() + (hangs.isEmpty() ? "" : "; and " + hangs));
        } catch (IOException e) {
            rooms.remove(bundle, name, STOP_LIMIT);
            throw new Refused("the new version could not be kept in " + scratch + ": " + Limit.describe(e));
        }
    }

    private Bundle install(String name, byte[] bytes) throws Refused {
        try {
            return context.installBundle("manul:" + name + ":" + ++installs, new ByteArrayInputStream(bytes));
        } catch (BundleException e) {
            throw new Refused("the bundle cannot be installed: " + Limit.describe(e));
        }
    }

    private String retire(Room old) throws InterruptedException {
        remember(old.name + " " + old.version(), old.bundle.adapt(BundleWiring.class));
        old.release(context);
        String hangs = rooms.remove(old.bundle, old.name, STOP_LIMIT);
        FelixLeftovers.forget(context);
        return hangs;
    }

    private void remember(String version, BundleWiring wiring) {
        if (wiring != null) {
            replaced.removeIf(r -> r.loader.get() == null);
            replaced.add(new Replaced(version, new WeakReference<>(wiring.getClassLoader())));
        }
    }

    /** The jar that the room's version came from: the last one swapped in, else where the launcher installed it from. */
    private Path source(String name, Room old) {
        Path last = scratch.resolve(name + ".jar");
        return installs > 0 && old.bundle.getLocation().startsWith("manul:") && Files.exists(last)
                ? last : Path.of(old.bundle.getLocation().replaceFirst("^(reference:)?file:", ""));
    }

    /** Replaced versions whose class loader something still holds, after a collection. */
    List<String> held() throws InterruptedException {
        FelixLeftovers.forget(context);
        System.gc();
        one.acquire();
        try {
            replaced.removeIf(r -> r.loader.get() == null);
            return replaced.stream().map(Replaced::version).toList();
        } finally {
            one.release();
        }
    }

    /** From here on no room begins or rests by itself. */
    void endDemands() throws InterruptedException {
        for (Demand d : demands.values()) {
            d.close();
        }
    }

    /** Ends every room in reverse order; says which one did not end. */
    void endAll(Consumer<String> say) throws InterruptedException {
        stopping = true;
        endDemands();
        one.acquire();
        try {
            for (String name : order.reversed()) {
                Room room = active.get(name);
                if (room == null) {
                    continue; // at rest
                }
                try {
                    Limit.call("end of " + name, Duration.ofSeconds(6), room.component::end);
                } catch (Refused e) {
                    say.accept(e.getMessage());
                }
                places.close(room);
            }
        } finally {
            one.release();
        }
    }

    /** For people and for -o json: name, version, state, since. */
    Map<String, Room> table() {
        Map<String, Room> table = new LinkedHashMap<>();
        order.stream().filter(active::containsKey).forEach(n -> table.put(n, active.get(n)));
        return table;
    }
}
