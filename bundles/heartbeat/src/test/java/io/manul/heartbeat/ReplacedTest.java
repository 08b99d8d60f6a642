package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.manul.broker.BrokerComponent;
import io.manul.client.Clusters;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each version in a class loader of its own, as bundles are: they follow one another (-Dversions=50), none stays behind. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplacedTest {

    private static final int VERSIONS = Integer.getInteger("versions", 20);
    private static final String SERVER = "system:serviceaccount:kube-system:manul-heartbeat";

    private final TestPki pki = new TestPki("cam-7");
    private final FakeClusters api = new FakeClusters().node("cam-7");

    /** A bundle's loader: its own classes first, Paho among them. */
    private static final class Bundle extends URLClassLoader {
        Bundle(Class<?> of) {
            super(new URL[] {of.getProtectionDomain().getCodeSource().getLocation()}, of.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> c = findLoadedClass(name);
                if (c == null && (name.startsWith("io.manul.") || name.startsWith("org.eclipse.paho."))) {
                    try {
                        c = findClass(name);
                    } catch (ClassNotFoundException e) {
                        c = null;
                    }
                }
                return c == null ? super.loadClass(name, resolve) : c;
            }
        }
    }

    private static Component make(Bundle bundle, Class<?> of, Class<?>[] types, Object... services) throws Exception {
        Class<?> own = bundle.loadClass(of.getName());
        assertEquals(bundle, own.getClassLoader());
        return (Component) own.getConstructor(types).newInstance(services);
    }

    private static void gone(List<WeakReference<Bundle>> bundles) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        long left = bundles.size();
        while (left > 0 && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(50);
            left = bundles.stream().filter(b -> b.get() != null).count();
        }
        List<Integer> stay = java.util.stream.IntStream.range(0, bundles.size()).filter(i -> bundles.get(i).get() != null).boxed().toList();
        assertEquals(List.of(), stay, "class loaders that stay, even: broker, odd: heartbeat");
    }

    private static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        Thread.getAllStackTraces().keySet().forEach(t -> names.add(t.getName()));
        names.removeIf(n -> n.startsWith("globalEventExecutor"));
        return names;
    }

    @Test
    void nothingOfAnEndedVersionStays() throws Exception {
        Settings settings = TestSettings.of("cam-7", Map.of("mqtt-listen-port", String.valueOf(Brokers.freePort())));
        List<WeakReference<Bundle>> bundles = new ArrayList<>();
        Set<String> before = Set.of();
        // who uses Netty first is kept for ever, in the backtrace of PlatformDependent's UNSAFE_UNAVAILABILITY_CAUSE: in a server
        // that is the listener, which is never replaced
        io.netty.buffer.Unpooled.buffer(1).release();
        byte[] state = new byte[0];
        long slowest = 0;
        for (int i = 0; i < VERSIONS; i++) {
            state = version(settings, state, bundles);
            if (i == 2) {
                before = threads();
            }
            slowest = Math.max(slowest, lastEndMillis);
        }
        gone(bundles);
        assertEquals(before, threads());
        assertTrue(slowest < 2000, "slowest end of both: " + slowest + " ms");
    }

    private long lastEndMillis;

    /** In a method of its own, so that no local variable keeps a version. */
    private byte[] version(Settings settings, byte[] state, List<WeakReference<Bundle>> bundles) throws Exception {
        try (Bundle b = new Bundle(BrokerComponent.class); Bundle h = new Bundle(HeartbeatComponent.class)) {
            bundles.add(new WeakReference<>(b));
            bundles.add(new WeakReference<>(h));
            Component broker = make(b, BrokerComponent.class, new Class<?>[] {Settings.class, Pki.class}, settings, pki);
            Component heartbeat = make(h, HeartbeatComponent.class, new Class<?>[] {Clusters.class, Settings.class, Pki.class}, api, settings, pki);
            api.writes.clear();
            broker.begin(state);
            heartbeat.begin(new byte[0]);
            api.writeOf(SERVER);
            long at = System.nanoTime();
            heartbeat.end();
            byte[] left = broker.end();
            lastEndMillis = (System.nanoTime() - at) / 1_000_000;
            assertTrue(left.length > 100);
            assertEquals("", heartbeat.health().message() + broker.health().message());
            return left;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
