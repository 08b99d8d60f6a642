package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.manul.api.component.Component;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
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

/** Every bundle of the server's feature resolves and starts; a second version of each room comes and goes without a trace. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DistributionIT {

    private static final int VERSIONS = 20;
    private static final long READY_MILLIS = 10_000;

    @Inject
    private BundleContext context;
    @Inject
    private ServiceComponentRuntime components;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Distribution().options(List.of()).toArray(Option[]::new);
    }

    private Map<String, Bundle> rooms() {
        Map<String, Bundle> rooms = new TreeMap<>();
        for (String name : context.getProperty("manul.felix-rooms").split(",")) {
            Bundle bundle = Arrays.stream(context.getBundles()).filter(b -> ("io.manul." + name).equals(b.getSymbolicName())).findAny()
                    .orElseThrow(() -> new AssertionError("room " + name + " of the feature is not installed"));
            rooms.put(name, bundle);
        }
        return rooms;
    }

    @Test
    public void everyBundleStarts() {
        List<String> others = new ArrayList<>();
        for (Bundle b : context.getBundles()) {
            boolean fragment = b.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            if (b.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
                others.add(b + " is in state " + b.getState());
            }
        }
        assertEquals(List.of(), others);
        assertTrue("rooms: " + rooms().keySet(), rooms().size() > 10);
    }

    @Test
    public void everyRoomRegistersOneComponentThatBecomesReady() throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        List<String> unwritten = new ArrayList<>();
        for (Map.Entry<String, Bundle> room : rooms().entrySet()) {
            if (room.getValue().getHeaders().get("Service-Component") == null) {
                unwritten.add(room.getKey());
                continue;
            }
            ServiceReference<?>[] all = room.getValue().getRegisteredServices();
            if (all == null || all.length != 1 || component(room.getValue()) == null) {
                wrong.add(room.getKey() + " registers " + Arrays.toString(all) + " instead of one " + Component.class.getName());
                continue;
            }
            ServiceReference<Component> reference = component(room.getValue());
            Component component = context.getService(reference);
            if (component == null) {
                wrong.add(room.getKey() + " does not activate");
                continue;
            }
            if (!component.name().equals(room.getKey())) {
                wrong.add(room.getKey() + " says its name is " + component.name());
            }
            if (!ready(component)) {
                wrong.add(room.getKey() + " is not ready after " + READY_MILLIS + " ms");
            }
            context.ungetService(reference);
        }
        assertEquals(List.of(), wrong);
        assumeTrue("skipped: the feature has rooms whose bundle declares no component yet: " + unwritten, unwritten.isEmpty());
    }

    @Test
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

    @Test
    public void aSecondVersionOfEachRoomLeavesNothingBehind() throws Exception {
        Map<String, byte[]> jars = new TreeMap<>();
        for (Map.Entry<String, Bundle> room : rooms().entrySet()) {
            if (component(room.getValue()) != null) {
                jars.put(room.getKey(), nextVersion(Path.of(room.getValue().getLocation().replaceFirst("^reference:file:", ""))));
            }
        }
        Leftovers leftovers = new Leftovers();
        for (Map.Entry<String, byte[]> room : jars.entrySet()) {
            comeAndGo(room.getKey(), room.getValue(), 0, leftovers); // what a first use fills once is not a leak
        }
        assertEquals("class loaders held after one version each", Map.of(), leftovers.held());
        long revisions = Leftovers.revisions();
        for (int i = 1; i <= VERSIONS; i++) {
            for (Map.Entry<String, byte[]> room : jars.entrySet()) {
                comeAndGo(room.getKey(), room.getValue(), i, leftovers);
            }
        }
        assertEquals((VERSIONS + 1) * jars.size(), leftovers.watched());
        assertEquals("class loaders held", Map.of(), leftovers.held());
        assumeTrue("skipped: Felix keeps a record of every bundle that the Configuration Admin was fetched for, and the feature has one",
                Arrays.stream(context.getBundles()).noneMatch(b -> "org.apache.felix.configadmin".equals(b.getSymbolicName())));
        assertEquals("bundle revisions held", revisions, Leftovers.revisions());
    }

    private void comeAndGo(String name, byte[] jar, int number, Leftovers leftovers) throws Exception {
        Bundle bundle = context.installBundle("second:" + name + ":" + number, new ByteArrayInputStream(jar));
        try {
            bundle.start(Bundle.START_TRANSIENT);
            leftovers.watch(bundle);
            ServiceReference<Component> reference = component(bundle);
            assertNotNull(name + " registers no component as a second version", reference);
            Component component = context.getService(reference);
            assertNotNull(name + " does not activate as a second version", component);
            assertTrue(name + " does not become ready as a second version", ready(component));
            context.ungetService(reference);
            bundle.stop(Bundle.STOP_TRANSIENT);
        } finally {
            bundle.uninstall();
        }
    }

    private static boolean ready(Component component) throws InterruptedException {
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
    private static ServiceReference<Component> component(Bundle bundle) {
        ServiceReference<?>[] all = bundle.getRegisteredServices();
        for (ServiceReference<?> r : all == null ? new ServiceReference<?>[0] : all) {
            if (List.of((String[]) r.getProperty(Constants.OBJECTCLASS)).contains(Component.class.getName())) {
                return (ServiceReference<Component>) r;
            }
        }
        return null;
    }

    private static byte[] nextVersion(Path jar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar)); ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals("META-INF/MANIFEST.MF")) {
                    Manifest manifest = new Manifest(in);
                    manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, "0.1.0.second");
                    manifest.write(out);
                } else {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
