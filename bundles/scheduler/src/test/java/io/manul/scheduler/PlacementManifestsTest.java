package io.manul.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import io.manul.scheduler.config.Configuration;
import io.manul.scheduler.config.Profiles;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.Placement;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Profile;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.plugin.Registry;
import io.manul.scheduler.preempt.Preemption;
import io.manul.scheduler.volume.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One file a promise, its name the promise: nodes, pods that have a node, other objects, and the pod named {@code new}; last what
 * must come of it: {@code node} (or {@code nodes}, one of them), or {@code message}; and {@code victims}, when room is made.
 */
class PlacementManifestsTest {

    private static final Path CASES = Path.of("src/test/resources/placement");

    static Stream<Path> cases() throws IOException {
        String one = System.getProperty("case", "");
        return Files.list(CASES).filter(p -> one.isEmpty() || p.getFileName().toString().startsWith(one)).sorted();
    }

    /** The cluster of one file. */
    private static final class Given {
        final World world = new World();
        final Map<String, Map<String, String>> namespaces = new HashMap<>();
        final List<Obj> budgets = new ArrayList<>();
        Obj profile = Obj.of();
        PodInfo pod;
        Obj expected = Obj.of();
        LabelQuery kin = LabelQuery.EVERYTHING;

        void take(Obj o) {
            switch (o.kind()) {
                case "Node" -> world.node(NodeFacts.of(o));
                case "Namespace" -> namespaces.put(o.name(), o.labels());
                case "PodDisruptionBudget" -> budgets.add(o);
                case "KubeSchedulerConfiguration" -> profile = o;
                case "Service" -> kin = LabelQuery.of(o.stringMap("spec", "selector"));
                case "Pod" -> pod(o);
                default -> expected = o;
            }
        }

        private void pod(Obj o) {
            o.make("metadata").put("namespace", o.namespace().isEmpty() ? "default" : o.namespace());
            o.make("metadata").put("uid", o.name());
            if (o.name().equals("new")) {
                pod = PodInfo.of(o);
            } else if (o.text("spec", "nodeName").isEmpty()) {
                world.nominate(PodInfo.of(o), o.text("status", "nominatedNodeName"));
            } else {
                world.place(PodInfo.of(o));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(Path file) throws Exception {
        Given given = new Given();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
            given.take(Obj.parse(Obj.from(document).orElseThrow().bytes()));
        }
        try (TestCluster api = new TestCluster()) {
            Storage none = new Storage(api.admin(), c -> { });
            Registry registry = new Registry(given.world, none, p -> given.kin, n -> given.namespaces.getOrDefault(n, Map.of()));
            Configuration config = given.profile.isEmpty() ? Configuration.DEFAULT : configuration(given.profile);
            Profile profile = new Profiles(registry).of(config, List.of()).get("default-scheduler");
            Placement.Found found = new Placement(given.world, new Random(1)).choose(profile, given.pod);
            check(given, profile, found);
        }
    }

    private static Configuration configuration(Obj o) throws Exception {
        Path file = Files.createTempFile("scheduler", ".json");
        try {
            Files.write(file, o.bytes());
            return Configuration.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void check(Given given, Profile profile, Placement.Found found) {
        Obj e = given.expected;
        String seen = found.node() == null ? found.message() : found.node().name();
        if (e.has("nodes")) {
            assertTrue(e.strings("nodes").contains(seen), "one of " + e.strings("nodes") + ", but: " + seen);
            return;
        }
        assertEquals(e.string("node").orElse(e.text("message")), seen);
        if (e.has("preemption") || e.has("victims")) {
            Map<String, List<String>> before = standing(given.world);
            Preemption.Outcome o = new Preemption(given.world, () -> given.budgets, new Random(1)).find(profile, found);
            assertEquals(e.text("preemption"), o.message());
            assertEquals(e.strings("victims"), o.victims() == null ? List.of() : o.victims().pods().stream().map(p -> p.key().name()).toList());
            assertEquals(before, standing(given.world), "a search changes nothing");
        }
    }

    private static Map<String, List<String>> standing(World world) {
        Map<String, List<String>> all = new HashMap<>();
        world.nodes().forEach(n -> all.put(n.name() + " " + n.requested(), n.pods().stream().map(p -> p.key().name()).sorted().toList()));
        return all;
    }
}
