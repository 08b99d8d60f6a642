package io.manul.scheduler.config;

import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A KubeSchedulerConfiguration, checked. What concerns a process of its own (leaderElection, clientConnection, addresses,
 * profiling, parallelism) has no meaning here and is passed over; extenders are refused.
 *
 * @param percentage percentageOfNodesToScore; 0: by the number of nodes
 */
public record Configuration(List<ProfileSpec> profiles, int percentage, Duration backoffFirst, Duration backoffMost) {

    /**
     * One of its profiles.
     *
     * @param points  by extension point, {@code multiPoint} among them
     * @param args    by plug-in
     */
    public record ProfileSpec(String name, int percentage, Map<String, PluginSet> points, Map<String, Obj> args) {

        public PluginSet at(String point) {
            return points.getOrDefault(point, PluginSet.NONE);
        }

        public Obj args(String plugin) {
            return args.getOrDefault(plugin, Obj.of());
        }
    }

    /** @param enabled weight by name; 0: the default */
    public record PluginSet(Map<String, Integer> enabled, Set<String> disabled) {
        static final PluginSet NONE = new PluginSet(Map.of(), Set.of());

        public boolean disables(String plugin) {
            return disabled.contains("*") || disabled.contains(plugin);
        }
    }

    public static final Configuration DEFAULT = new Configuration(List.of(new ProfileSpec("default-scheduler", 0, Map.of(), Map.of())), 0,
            Duration.ofSeconds(1), Duration.ofSeconds(10));

    private static final String VERSION = "kubescheduler.config.k8s.io/v1";
    private static final int MOST_BYTES = 1 << 20;
    private static final Set<String> POINTS = Set.of("preEnqueue", "queueSort", "preFilter", "filter", "postFilter", "preScore", "score", "reserve",
            "permit", "preBind", "bind", "postBind", "multiPoint");
    private static final Set<String> KEYS = Set.of("apiVersion", "kind", "parallelism", "leaderElection", "clientConnection", "healthzBindAddress",
            "metricsBindAddress", "enableProfiling", "enableContentionProfiling", "percentageOfNodesToScore", "podInitialBackoffSeconds",
            "podMaxBackoffSeconds", "profiles", "extenders", "delayCacheUntilActive");

    public static Configuration read(Path file) throws BadConfiguration {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new BadConfiguration(file + ": at most " + MOST_BYTES + " bytes are read");
            }
            String text = Files.readString(file);
            Object read = file.toString().endsWith(".json") ? Json.parse(text) : new Load(LoadSettings.builder().setLabel(file.toString())
                    .setAllowDuplicateKeys(false).setCodePointLimit(MOST_BYTES).setMaxAliasesForCollections(50).build()).loadFromString(text);
            return of(Obj.from(read).map(Obj::copy).orElseThrow(() -> new BadConfiguration(file + ": not an object")));
        } catch (IOException e) {
            throw new BadConfiguration("cannot read " + file + ": " + e.getMessage());
        } catch (YamlEngineException | JsonException e) {
            throw new BadConfiguration(file + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip());
        }
    }

    static Configuration of(Obj config) throws BadConfiguration {
        if (!config.apiVersion().equals(VERSION) || !config.kind().equals("KubeSchedulerConfiguration")) {
            throw new BadConfiguration("no kind \"" + config.kind() + "\" is registered for version \"" + config.apiVersion() + "\"; expected "
                    + VERSION + " KubeSchedulerConfiguration");
        }
        for (String key : config.map().keySet()) {
            if (!KEYS.contains(key)) {
                throw new BadConfiguration("strict decoding error: unknown field \"" + key + "\"");
            }
        }
        if (!config.objects("extenders").isEmpty()) {
            throw new BadConfiguration("extenders: not supported here; a plug-in on the OSGi whiteboard (io.manul.scheduler.api.SchedulerPlugin) can stand in");
        }
        long first = config.number("podInitialBackoffSeconds").orElse(1);
        long most = config.number("podMaxBackoffSeconds").orElse(10);
        if (first <= 0 || most < first) {
            throw new BadConfiguration("podMaxBackoffSeconds: Invalid value: " + most + ": must be greater than or equal to podInitialBackoffSeconds, which must be greater than 0");
        }
        int percentage = percentage(config, "percentageOfNodesToScore");
        List<ProfileSpec> profiles = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Obj> specs = config.objects("profiles");
        for (int i = 0; i < specs.size(); i++) {
            ProfileSpec p = profile(specs.get(i), "profiles[" + i + "]", percentage);
            if (!names.add(p.name)) {
                throw new BadConfiguration("profiles[" + i + "].schedulerName: Duplicate value: \"" + p.name + "\"");
            }
            profiles.add(p);
        }
        return new Configuration(profiles.isEmpty() ? DEFAULT.profiles : List.copyOf(profiles), percentage, Duration.ofSeconds(first), Duration.ofSeconds(most));
    }

    private static int percentage(Obj of, String path) throws BadConfiguration {
        long percentage = of.number("percentageOfNodesToScore").orElse(0);
        if (percentage < 0 || percentage > 100) {
            throw new BadConfiguration(path + ": Invalid value: " + percentage + ": not in valid range [0-100]");
        }
        return (int) percentage;
    }

    private static ProfileSpec profile(Obj profile, String path, int percentage) throws BadConfiguration {
        Map<String, PluginSet> points = new HashMap<>();
        for (String point : profile.at("plugins").map().keySet()) {
            if (!POINTS.contains(point)) {
                throw new BadConfiguration("strict decoding error: unknown field \"" + path + ".plugins." + point + "\"");
            }
            Map<String, Integer> enabled = new LinkedHashMap<>();
            profile.objects("plugins", point, "enabled").forEach(e -> enabled.put(e.text("name"), (int) e.number("weight").orElse(0)));
            Set<String> disabled = new HashSet<>();
            profile.objects("plugins", point, "disabled").forEach(d -> disabled.add(d.text("name")));
            points.put(point, new PluginSet(enabled, disabled));
        }
        Map<String, Obj> args = new HashMap<>();
        for (Obj c : profile.objects("pluginConfig")) {
            Arguments.check(c.text("name"), c.at("args"), path + ".pluginConfig[" + c.text("name") + "].args");
            if (args.put(c.text("name"), c.at("args")) != null) {
                throw new BadConfiguration(path + ".pluginConfig: Duplicate value: \"" + c.text("name") + "\"");
            }
        }
        int own = percentage(profile, path + ".percentageOfNodesToScore");
        return new ProfileSpec(profile.string("schedulerName").orElse("default-scheduler"), own == 0 ? percentage : own, points, args);
    }
}
