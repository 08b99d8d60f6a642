package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** A room rests until the first object of its kinds, begins with it, rests again after the last, and leaves no class behind. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DemandIT {

    @Inject
    private BundleContext context;
    @Inject
    private Clusters clusters;
    @Inject
    private Gates gates;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Distribution().options(List.of("kine", "apiserver", "controllers-policy"),
                Map.of("wakes.controllers-policy", "/apis/policy/v1/poddisruptionbudgets", "rest-after-ms", "200")).toArray(Option[]::new);
    }

    @Test(timeout = 60_000)
    public void aRoomIsThereWhileItIsNeeded() throws Exception {
        await("the rooms have begun", () -> gates.gate(Handler.class, "apiserver").current().isPresent() ? "" : "no apiserver");
        Console console = new Console(Path.of(context.getProperty("manul.run-dir")));
        Cluster admin = clusters.as("admin", List.of("system:masters"), "test");
        Resource budgets = Resources.POD_DISRUPTION_BUDGETS;
        awaitState(console, "RESTING");
        for (int i = 0; i < 5; i++) {
            admin.create(budgets, "default", Obj.of("metadata", Obj.of("name", "budget"), "spec", Obj.of("minAvailable", 1,
                    "selector", Obj.of("matchLabels", Obj.of("app", "x")))));
            awaitState(console, "ACTIVE");
            admin.delete(budgets, "default", "budget");
            awaitState(console, "RESTING");
        }
        assertEquals(200, console.ask("POST", "/swap?name=controllers-policy&probation=0").status());
        awaitState(console, "RESTING");
        await("nothing is held", () -> {
            List<Object> held = console.ask("GET", "/status").body().list("loadersHeld");
            return held.isEmpty() ? "" : held.toString();
        });
    }

    private static void awaitState(Console console, String state) throws Exception {
        await("controllers-policy is " + state, () -> {
            List<Obj> items = console.ask("GET", "/components").body().objects("items");
            return items.stream().anyMatch(i -> i.text("name").equals("controllers-policy") && i.text("state").equals(state)) ? "" : items.toString();
        });
    }

    /** @param check what is seen instead; empty when it is so */
    private static void await(String what, Callable<String> check) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        for (String seen = check.call(); !seen.isEmpty(); seen = check.call()) {
            assertTrue(what + " within 20 s; seen: " + seen, System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
