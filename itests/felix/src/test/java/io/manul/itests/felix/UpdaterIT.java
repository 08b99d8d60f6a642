package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Bad versions of a room are refused or flipped back while four callers ask without a pause: the old one serves, no call fails. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class UpdaterIT {

    private static final String FIRST = "1.0.0";
    /** What is wrong with a version, and what the refusal has to say. */
    private static final Map<String, String> FAULTS = faults();

    @Inject
    private BundleContext context;
    @Inject
    private Loopback loopback;
    @Inject
    private Gates gates;

    private static Map<String, String> faults() {
        Map<String, String> m = new LinkedHashMap<>();
        m.put("activate-throws", "did not activate");
        m.put("activate-hangs", "did not return within 3000 ms");
        m.put("never-ready", "did not return within 3000 ms");
        m.put("begin-throws", "broken on purpose in begin");
        m.put("begin-hangs", "did not return within 4000 ms");
        m.put("handle-throws", "calls failed on room");
        m.put("handle-hangs", "a call hangs in room");
        m.put("steps-fail", "broken on purpose in a step");
        return m;
    }

    @Configuration
    public Option[] configuration() throws IOException {
        Distribution distribution = new Distribution();
        List<Option> options = new ArrayList<>(distribution.options(List.of("room")));
        options.add(bundle("reference:file:" + RoomJar.write(distribution.data(), FIRST, "none")).startLevel(10));
        return options.toArray(Option[]::new);
    }

    @Test(timeout = 60_000)
    public void badVersionsAreRefusedAndNoRequestFails() throws Exception {
        awaitFirst();
        Console console = new Console(Path.of(context.getProperty("manul.run-dir")));
        Path folder = Files.createDirectories(Path.of(context.getProperty("manul.data-dir"), "versions"));
        Leftovers leftovers = new Leftovers();
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.RESOLVED && event.getBundle().getSymbolicName().equals("io.manul.room")) {
                leftovers.watch(event.getBundle());
            }
        };
        context.addBundleListener(listener);
        List<String> wrong = new ArrayList<>();
        try (Requests requests = new Requests(loopback, "room")) {
            assertEquals(FIRST + " acting=true", requests.one());
            for (Map.Entry<String, String> fault : FAULTS.entrySet()) {
                long before = requests.answered();
                Console.Answer answer = console.swap("room", RoomJar.write(folder, "2.0.0", fault.getKey()));
                if (answer.status() != 409 || !answer.message().contains(fault.getValue())) {
                    wrong.add(fault.getKey() + ": " + answer.status() + " " + answer.body());
                }
                assertEquals("after " + fault.getKey(), FIRST + " acting=true", requests.one());
                assertEquals("requests that failed after " + fault.getKey(), List.of(), requests.failures());
                assertTrue("nobody asked during " + fault.getKey(), requests.answered() > before);
                assertEquals("bundles of the room after " + fault.getKey(), List.of(FIRST), versions());
            }
            assertEquals(List.of(), wrong);
            Console.Answer answer = console.swap("room", RoomJar.write(folder, "3.0.0", "none"));
            assertEquals(answer.body().toString(), 200, answer.status());
            assertEquals("3.0.0 acting=true", requests.one());
            assertEquals(List.of(), requests.failures());
            assertEquals(List.of("3.0.0"), versions());
        } finally {
            context.removeBundleListener(listener);
        }
        assertEquals("versions that were tried", FAULTS.size() + 1, leftovers.watched());
        assertEquals("class loaders held besides the one that serves", Map.of("io.manul.room 3.0.0", 1), leftovers.held());
    }

    @Test(timeout = 60_000)
    public void whatIsNoVersionOfTheRoomIsRefused() throws Exception {
        awaitFirst();
        Console console = new Console(Path.of(context.getProperty("manul.run-dir")));
        Path folder = Path.of(context.getProperty("manul.data-dir"));
        Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar at all");
        Path other = Path.of(context.getProperty("manul.home"), "lib/json-0.1.0.jar");
        for (Map.Entry<Path, String> no : Map.of(broken, "not a bundle", other, "is bundle io.manul.json",
                folder.resolve("none.jar"), "is not a file").entrySet()) {
            Console.Answer answer = console.swap("room", no.getKey());
            assertEquals(answer.body().toString(), 409, answer.status());
            assertTrue(answer.message(), Pattern.compile(no.getValue()).matcher(answer.message()).find());
        }
        assertEquals(409, console.ask("POST", "/swap?name=nobody").status());
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>();
        for (Bundle b : context.getBundles()) {
            if ("io.manul.room".equals(b.getSymbolicName())) {
                versions.add(b.getVersion().toString());
            }
        }
        return versions;
    }

    private void awaitFirst() throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (gates.gate(Handler.class, "room").current().isEmpty()) {
            assertTrue("the updater did not begin the room within 20 s", System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
