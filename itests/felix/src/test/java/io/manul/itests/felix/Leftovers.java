package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** What replaced versions leave behind in the framework: class loaders that somebody holds, and Felix's own records. */
final class Leftovers {

    private static final String REVISION = "org.apache.felix.framework.BundleRevisionImpl";
    private static final int COLLECTIONS = 50;

    private record Loader(String bundle, WeakReference<ClassLoader> reference) {
    }

    private final List<Loader> loaders = new ArrayList<>();

    /** To be asked while the bundle is resolved. */
    synchronized void watch(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        loaders.add(new Loader(bundle.getSymbolicName() + " " + bundle.getVersion(), new WeakReference<>(wiring.getClassLoader())));
    }

    synchronized int watched() {
        return loaders.size();
    }

    /** How many class loaders are still held, by bundle, after collections. */
    synchronized Map<String, Integer> held() throws InterruptedException {
        Map<String, Integer> held = new TreeMap<>();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            held.clear();
            loaders.stream().filter(l -> l.reference.get() != null).forEach(l -> held.merge(l.bundle, 1, Integer::sum));
            if (held.isEmpty()) {
                break;
            }
            Thread.sleep(100); // reference handling and the framework's own threads go on meanwhile
        }
        return held;
    }

    /** Revisions of bundles that the framework holds, after a collection: a class-loader check alone misses its usage records. */
    static long revisions() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        List<Long> counts = histogram.lines().map(l -> l.trim().split("\\s+"))
                .filter(f -> f.length >= 4 && f[3].equals(REVISION)).map(f -> Long.parseLong(f[1])).toList();
        assertEquals("rows of " + REVISION + " in the histogram", 1, counts.size());
        return counts.getFirst();
    }
}
