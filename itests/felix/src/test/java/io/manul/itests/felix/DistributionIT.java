package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.manul.api.component.Component;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Every bundle of the server's feature resolves and starts, every room's component becomes ready. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DistributionIT {

    @Inject
    private BundleContext context;
    @Inject
    private ServiceComponentRuntime components;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Distribution().options(List.of()).toArray(Option[]::new);
    }

    @Test(timeout = 60_000)
    public void everyBundleStarts() {
        List<String> others = new ArrayList<>();
        for (Bundle b : context.getBundles()) {
            boolean fragment = b.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            if (b.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
                others.add(b + " is in state " + b.getState());
            }
        }
        assertEquals(List.of(), others);
        assertTrue("rooms: " + Rooms.all(context).keySet(), Rooms.all(context).size() > 10);
    }

    @Test(timeout = 60_000)
    public void everyRoomRegistersOneComponentThatBecomesReady() throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Bundle> room : Rooms.all(context).entrySet()) {
            ServiceReference<?>[] all = room.getValue().getRegisteredServices();
            if (all == null || all.length != 1 || Rooms.component(room.getValue()) == null) {
                wrong.add(room.getKey() + " registers " + Arrays.toString(all) + " instead of one " + Component.class.getName());
                continue;
            }
            ServiceReference<Component> reference = Rooms.component(room.getValue());
            Component component = context.getService(reference);
            if (component == null) {
                wrong.add(room.getKey() + " does not activate");
                continue;
            }
            if (!component.name().equals(room.getKey())) {
                wrong.add(room.getKey() + " says its name is " + component.name());
            }
            if (!Rooms.ready(component)) {
                wrong.add(room.getKey() + " is not ready after " + Rooms.READY_MILLIS + " ms");
            }
            context.ungetService(reference);
        }
        assertEquals(List.of(), wrong);
    }

    @Test(timeout = 60_000)
    public void noDeclaredComponentWaitsForAReferenceOrFailed() {
        List<String> wrong = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO c : components.getComponentConfigurationDTOs(description)) {
                if (c.state != ComponentConfigurationDTO.ACTIVE && c.state != ComponentConfigurationDTO.SATISFIED) {
                    wrong.add(description.bundle.symbolicName + " " + description.name + " is in state " + c.state + ", without "
                            + Arrays.stream(c.unsatisfiedReferences).map(r -> r.name + " " + r.target).toList()
                            + (c.failure == null ? "" : ": " + c.failure));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
