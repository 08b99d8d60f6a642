package io.manul.itests.felix;

import io.manul.api.component.Component;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** The replaceable bundles of the feature in this framework. */
final class Rooms {

    static final long READY_MILLIS = 10_000;

    private Rooms() {
    }

    static Map<String, Bundle> all(BundleContext context) {
        Map<String, Bundle> rooms = new TreeMap<>();
        for (String name : context.getProperty("manul.felix-rooms").split(",")) {
            Bundle bundle = Arrays.stream(context.getBundles()).filter(b -> ("io.manul." + name).equals(b.getSymbolicName())).findAny()
                    .orElseThrow(() -> new AssertionError("room " + name + " of the feature is not installed"));
            rooms.put(name, bundle);
        }
        return rooms;
    }

    static boolean ready(Component component) throws InterruptedException {
        long end = System.nanoTime() + READY_MILLIS * 1_000_000;
        while (!component.ready()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    static ServiceReference<Component> component(Bundle bundle) {
        ServiceReference<?>[] all = bundle.getRegisteredServices();
        for (ServiceReference<?> r : all == null ? new ServiceReference<?>[0] : all) {
            if (List.of((String[]) r.getProperty(Constants.OBJECTCLASS)).contains(Component.class.getName())) {
                return (ServiceReference<Component>) r;
            }
        }
        return null;
    }
}
