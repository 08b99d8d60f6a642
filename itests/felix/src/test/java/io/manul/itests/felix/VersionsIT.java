package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.manul.api.component.Component;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * A second version of each room comes and goes twenty times beside the first and leaves nothing behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class VersionsIT {

    private static final int VERSIONS = 20;

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Distribution().options(List.of()).toArray(Option[]::new);
    }

    @Test(timeout = 60_000)
    public void aSecondVersionOfEachRoomLeavesNothingBehind() throws Exception {
        Map<String, byte[]> jars = new TreeMap<>();
        for (Map.Entry<String, Bundle> room : Rooms.all(context).entrySet()) {
            if (Rooms.component(room.getValue()) != null) {
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
        assertEquals("bundle revisions held", revisions, Leftovers.revisions());
    }

    private void comeAndGo(String name, byte[] jar, int number, Leftovers leftovers) throws Exception {
        Bundle bundle = context.installBundle("second:" + name + ":" + number, new ByteArrayInputStream(jar));
        try {
            bundle.start(Bundle.START_TRANSIENT);
            leftovers.watch(bundle);
            ServiceReference<Component> reference = Rooms.component(bundle);
            assertNotNull(name + " registers no component as a second version", reference);
            Component component = context.getService(reference);
            assertNotNull(name + " does not activate as a second version", component);
            assertTrue(name + " does not become ready as a second version", Rooms.ready(component));
            context.ungetService(reference);
            bundle.stop(Bundle.STOP_TRANSIENT);
        } finally {
            bundle.uninstall();
        }
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
