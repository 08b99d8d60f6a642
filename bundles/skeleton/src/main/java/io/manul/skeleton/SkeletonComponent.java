package io.manul.skeleton;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * The room's life. Takes its references in the constructor, opens nothing there; {@link #begin} starts one loop on a virtual
 * thread, {@link #end} joins it and leaves its state to the next version.
 */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class SkeletonComponent implements Component {

    private final Settings settings;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final AtomicLong steps = new AtomicLong();
    private boolean ending;
    private Thread thread;

    @Activate
    public SkeletonComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(settings, InstantSource.system());
    }

    SkeletonComponent(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "skeleton";
    }

    @Override
    public void begin(byte[] state) {
        // "1;" is our own version of the form: another one is ignored
        String text = new String(state, StandardCharsets.US_ASCII);
        steps.set(text.matches("1;[0-9]{1,18}") ? Long.parseLong(text.substring(2)) : 0);
        ending = false;
        thread = Thread.ofVirtual().name("skeleton-" + settings.nodeName()).start(this::loop);
    }

    private void loop() {
        lock.lock();
        try {
            while (!ending) {
                work.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** One step of work; here it is only counted. Safe from any thread. @return milliseconds of the clock when it was done */
    long step() {
        steps.incrementAndGet();
        return clock.millis();
    }

    @Override
    public byte[] end() throws InterruptedException {
        lock.lock();
        try {
            ending = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            thread.join(Duration.ofSeconds(4));
            thread = null;
        }
        return ("1;" + steps.get()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Health health() {
        return new Health(steps.get(), 0, 0, "");
    }
}
