package io.manul.scheduler.config;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the arguments of our plug-ins, as upstream's validation does. */
final class Arguments {

    private static final Map<String, Set<String>> FIELDS = Map.of(
            "NodeResourcesFit", Set.of("ignoredResources", "ignoredResourceGroups", "scoringStrategy"),
            "NodeResourcesBalancedAllocation", Set.of("resources"),
            "NodeAffinity", Set.of("addedAffinity"),
            "PodTopologySpread", Set.of("defaultConstraints", "defaultingType"),
            "InterPodAffinity", Set.of("hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods"),
            "VolumeBinding", Set.of("bindTimeoutSeconds", "shape"),
            "DefaultPreemption", Set.of("minCandidateNodesPercentage", "minCandidateNodesAbsolute"));

    private Arguments() {
    }

    static void check(String plugin, Obj args, String path) throws BadConfiguration {
        Set<String> known = FIELDS.get(plugin);
        for (String field : args.map().keySet()) {
            if (known != null && !known.contains(field) && !field.equals("apiVersion") && !field.equals("kind")) {
                throw new BadConfiguration("strict decoding error: unknown field \"" + path + "." + field + "\"");
            }
        }
        switch (plugin) {
            case "NodeResourcesFit" -> strategy(args.at("scoringStrategy"), path + ".scoringStrategy");
            case "InterPodAffinity" -> range(args, "hardPodAffinityWeight", 0, 100, path);
            case "VolumeBinding" -> {
                range(args, "bindTimeoutSeconds", 0, Integer.MAX_VALUE, path);
                if (args.has("shape")) {
                    throw new BadConfiguration(path + ".shape: Invalid value: unless feature flag StorageCapacityScoring is set");
                }
            }
            case "DefaultPreemption" -> {
                range(args, "minCandidateNodesPercentage", 0, 100, path);
                range(args, "minCandidateNodesAbsolute", 0, Integer.MAX_VALUE, path);
            }
            case "PodTopologySpread" -> spread(args, path);
            default -> { }
        }
    }

    private static void range(Obj args, String field, long least, long most, String path) throws BadConfiguration {
        long value = args.number(field).orElse(least);
        if (value < least || value > most) {
            throw new BadConfiguration(path + "." + field + ": Invalid value: " + value + ": not in valid range [" + least + "-" + most + "]");
        }
    }

    private static void strategy(Obj strategy, String path) throws BadConfiguration {
        String type = strategy.string("type").orElse("LeastAllocated");
        if (!Set.of("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio").contains(type)) {
            throw new BadConfiguration(path + ".type: Unsupported value: \"" + type
                    + "\": supported values: \"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"");
        }
        for (Obj r : strategy.objects("resources")) {
            range(Obj.of("weight", r.number("weight").orElse(1)), "weight", 1, 100, path + ".resources[" + r.text("name") + "]");
        }
        List<Obj> shape = strategy.objects("requestedToCapacityRatio", "shape");
        if (type.equals("RequestedToCapacityRatio") && shape.isEmpty()) {
            throw new BadConfiguration(path + ".requestedToCapacityRatio.shape: Required value: at least one point must be specified");
        }
        long before = -1;
        for (Obj point : shape) {
            range(point, "utilization", 0, 100, path + ".requestedToCapacityRatio.shape");
            range(point, "score", 0, 10, path + ".requestedToCapacityRatio.shape");
            long at = point.number("utilization").orElse(0);
            if (at <= before) {
                throw new BadConfiguration(path + ".requestedToCapacityRatio.shape: Invalid value: " + at
                        + ": utilization values must be sorted in increasing order");
            }
            before = at;
        }
    }

    private static void spread(Obj args, String path) throws BadConfiguration {
        boolean given = !args.objects("defaultConstraints").isEmpty();
        if (given && !args.text("defaultingType").equals("List")) {
            throw new BadConfiguration(path + ".defaultingType: Invalid value: \"" + args.string("defaultingType").orElse("System")
                    + "\": when .defaultConstraints are not empty");
        }
        for (Obj c : args.objects("defaultConstraints")) {
            range(Obj.of("maxSkew", c.number("maxSkew").orElse(0)), "maxSkew", 1, Integer.MAX_VALUE, path + ".defaultConstraints");
            if (c.has("labelSelector")) {
                throw new BadConfiguration(path + ".defaultConstraints.labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod");
            }
        }
    }
}
