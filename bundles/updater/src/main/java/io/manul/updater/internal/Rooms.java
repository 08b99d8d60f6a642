package io.manul.updater.internal;

import io.manul.api.component.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;

/** Starts a bundle and fetches the component it registers, each step with a limit. */
final class Rooms {

    private static final Duration STEP = Duration.ofMillis(20);

    private final BundleContext context;

    Rooms(BundleContext context) {
        this.context = context;
    }

    /** The component of a bundle that is started or starting. Declarative Services hides what activation threw: we ask. */
    Room await(Bundle bundle, String name, Duration limit) throws Refused, InterruptedException {
        return Limit.call("activation of " + name + " " + bundle.getVersion(), limit, () -> {
            for (;;) {
                ServiceReference<Component> reference = reference(bundle);
                if (reference != null) {
                    Component component = context.getService(reference);
                    if (component == null) {
                        throw new Refused("its component did not activate; the log says why");
                    }
                    if (component.ready()) {
                        return new Room(name, bundle, reference, component, Instant.now());
                    }
                    context.ungetService(reference);
                }
                Thread.sleep(STEP);
            }
        });
    }

    void start(Bundle bundle, String name, Duration limit) throws Refused, InterruptedException {
        Limit.call("start of " + name + " " + bundle.getVersion(), limit, () -> {
            bundle.start(Bundle.START_TRANSIENT);
            return null;
        });
    }

    /** Stops and uninstalls on a thread that may be given up; returns a sentence when it hangs. */
    String remove(Bundle bundle, String name, Duration limit) throws InterruptedException {
        try {
            Limit.call("stop of " + name + " " + bundle.getVersion(), limit, () -> {
                bundle.stop(Bundle.STOP_TRANSIENT);
                bundle.uninstall();
                return null;
            });
            return "";
        } catch (Refused e) {
            abandon(bundle);
            return e.getMessage();
        }
    }

    /** Takes the bundle's classes out of memory and starts it again, so that its component can be asked for; nothing of it is loaded then. */
    void unload(Bundle bundle, String name, Duration limit) throws Refused, InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        Limit.call("unloading of " + name, limit, () -> {
            bundle.stop(Bundle.STOP_TRANSIENT);
            context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), e -> refreshed.countDown());
            if (!refreshed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refused("the framework did not refresh it");
            }
            bundle.start(Bundle.START_TRANSIENT);
            return null;
        });
    }

    /** Uninstalls whenever the framework lets us, without waiting. */
    private void abandon(Bundle bundle) {
        Thread.ofPlatform().daemon().name("updater-abandon").start(() -> {
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException e) {
                // stays installed and is shown as a zombie by `manul components`
                org.slf4j.LoggerFactory.getLogger(Rooms.class).warn("A given-up version could not be uninstalled bundle={} why={}",
                        bundle.getSymbolicName(), e.getMessage());
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<Component> reference(Bundle bundle) {
        ServiceReference<?>[] all = bundle.getRegisteredServices();
        if (all != null) {
            for (ServiceReference<?> r : all) {
                for (String type : (String[]) r.getProperty("objectClass")) {
                    if (type.equals(Component.class.getName())) {
                        return (ServiceReference<Component>) r;
                    }
                }
            }
        }
        return null;
    }
}
