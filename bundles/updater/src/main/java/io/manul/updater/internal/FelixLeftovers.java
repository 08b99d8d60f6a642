package io.manul.updater.internal;

import java.lang.reflect.Field;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Felix 7.0.5 keeps of replaced bundles, forgotten after every swap. Finds nothing to do in a framework without such
 * fields.
 * <ul>
 * <li>Each class loader keeps the thread that loaded a class ({@code m_classLocks}), also after it ended; a virtual thread
 * keeps its task, and that keeps the class loader of a replaced room.
 * <li>The service registry keeps the uses of a bundle ({@code m_inUseMap}) that were given back one by one, also after the
 * bundle is uninstalled; and with it the bundle's headers and archive.
 * </ul>
 */
final class FelixLeftovers {

    private static final Logger LOG = LoggerFactory.getLogger(FelixLeftovers.class);

    private FelixLeftovers() {
    }

    static void forget(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
            if (loader != null && field(loader, "m_classLocks") instanceof Map<?, ?> locks) {
                locks.values().removeIf(v -> v instanceof Thread t && !t.isAlive());
            }
        }
        Object registry = field(context.getBundle(Constants.SYSTEM_BUNDLE_ID), "m_registry");
        if (registry != null && field(registry, "m_inUseMap") instanceof Map<?, ?> uses) {
            uses.keySet().removeIf(k -> k instanceof Bundle b && b.getState() == Bundle.UNINSTALLED);
        }
    }

    private static Object field(Object of, String name) {
        for (Class<?> c = of.getClass(); c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return value(of, field);
                }
            }
        }
        return null;
    }

    private static Object value(Object of, Field field) {
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (IllegalAccessException e) {
            LOG.warn("The framework's {} cannot be read: replaced versions may stay in memory why={}", field.getName(), e.getMessage());
            return null;
        }
    }
}
