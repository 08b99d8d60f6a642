package io.manul.updater.internal;

import java.lang.reflect.Field;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Felix 7.0.5 keeps, in each bundle's class loader, the thread that loaded a class ({@code m_classLocks}), also after it
 * ended; a virtual thread keeps its task, and that keeps the class loader of a replaced room. Threads that ended are
 * forgotten here after every swap. Finds nothing to do in a framework that has no such field.
 */
final class ClassLocks {

    private static final Logger LOG = LoggerFactory.getLogger(ClassLocks.class);
    private static final String FIELD = "m_classLocks";

    private ClassLocks() {
    }

    static void forgetEndedThreads(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
            if (loader != null) {
                forget(loader);
            }
        }
    }

    private static void forget(ClassLoader loader) {
        for (Class<?> c = loader.getClass(); c != null && c != ClassLoader.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.getName().equals(FIELD) && Map.class.isAssignableFrom(field.getType())) {
                    try {
                        field.setAccessible(true);
                        if (field.get(loader) instanceof Map<?, ?> locks) {
                            locks.values().removeIf(v -> v instanceof Thread t && !t.isAlive());
                        }
                    } catch (IllegalAccessException e) {
                        LOG.warn("The framework's class locks cannot be read: replaced versions may stay in memory why={}", e.getMessage());
                    }
                }
            }
        }
    }
}
