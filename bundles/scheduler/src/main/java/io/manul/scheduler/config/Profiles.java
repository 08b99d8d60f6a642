package io.manul.scheduler.config;

import io.manul.json.Obj;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.Profile;
import io.manul.scheduler.plugin.Registry;
import io.manul.scheduler.plugin.Vendor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a profile of what is configured and what is there: the default plug-ins, less what is disabled, with what is enabled; a
 * plug-in of others is in every profile that does not disable it.
 */
public final class Profiles {

    private final Registry registry;

    public Profiles(Registry registry) {
        this.registry = registry;
    }

    public Map<String, Profile> of(Configuration config, List<Vendor> vendors) {
        Map<String, Profile> all = new LinkedHashMap<>();
        config.profiles().forEach(p -> all.put(p.name(), profile(p, vendors)));
        return all;
    }

    /** Names in the configuration that neither we nor, until now, anybody else has a plug-in for. */
    public List<String> unknown(Configuration config, List<Vendor> vendors) {
        List<String> known = new ArrayList<>(registry.names());
        known.addAll(List.of("SchedulingGates", "PrioritySort", "DefaultPreemption", "DefaultBinder", "DynamicResources", "*"));
        vendors.forEach(v -> known.add(v.name()));
        return config.profiles().stream().flatMap(p -> p.points().values().stream()).flatMap(s -> s.enabled().keySet().stream())
                .filter(n -> !known.contains(n)).distinct().toList();
    }

    private Profile profile(Configuration.ProfileSpec spec, List<Vendor> vendors) {
        List<Profile.Enabled> plugins = new ArrayList<>();
        for (String name : registry.names()) {
            add(spec, registry.make(name, spec.args(name)), Registry.weight(name), plugins);
        }
        vendors.forEach(v -> add(spec, v, v.theirs().weight(), plugins));
        Obj preemption = spec.args("DefaultPreemption");
        return new Profile(spec.name(), List.copyOf(plugins), on(spec, "DefaultPreemption", "postFilter"),
                (int) preemption.number("minCandidateNodesPercentage").orElse(10), (int) preemption.number("minCandidateNodesAbsolute").orElse(100),
                spec.percentage());
    }

    private static void add(Configuration.ProfileSpec spec, Plugin plugin, int weight, List<Profile.Enabled> plugins) {
        String name = plugin.name();
        boolean filters = on(spec, name, "filter");
        boolean scores = on(spec, name, "score");
        int everywhere = spec.at("multiPoint").enabled().getOrDefault(name, 0);
        int here = spec.at("score").enabled().getOrDefault(name, 0);
        if (filters || scores) {
            plugins.add(new Profile.Enabled(plugin, filters, scores, here > 0 ? here : everywhere > 0 ? everywhere : weight));
        }
    }

    /** What is enabled at a point wins over what is disabled there, and both over all points. */
    private static boolean on(Configuration.ProfileSpec spec, String name, String point) {
        Configuration.PluginSet here = spec.at(point);
        if (here.enabled().containsKey(name)) {
            return true;
        }
        Configuration.PluginSet everywhere = spec.at("multiPoint");
        return !here.disables(name) && (everywhere.enabled().containsKey(name) || !everywhere.disables(name));
    }
}
