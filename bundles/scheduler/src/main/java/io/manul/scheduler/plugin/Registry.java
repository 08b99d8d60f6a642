package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.volume.NodeVolumeLimits;
import io.manul.scheduler.volume.Storage;
import io.manul.scheduler.volume.VolumeBinding;
import io.manul.scheduler.volume.VolumeRestrictions;
import io.manul.scheduler.volume.VolumeZone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The plug-ins that are always there, by name, in upstream's order. */
public final class Registry {

    /** Weights of the default profile; a plug-in that is not named here has 1. */
    private static final Map<String, Integer> WEIGHTS = Map.of("TaintToleration", 3, "NodeAffinity", 2, "PodTopologySpread", 2, "InterPodAffinity", 2);

    private final Map<String, Function<Obj, Plugin>> all = new LinkedHashMap<>();

    /**
     * @param kin        the pods that belong together with a pod, as its Services and its owner select them
     * @param namespaces labels of a namespace, by name
     */
    public Registry(World world, Storage storage, Function<PodInfo, LabelQuery> kin, Function<String, Map<String, String>> namespaces) {
        all.put("NodeUnschedulable", a -> new NodeUnschedulable());
        all.put("NodeName", a -> new NodeName());
        all.put("TaintToleration", a -> new TaintToleration());
        all.put("NodeAffinity", NodeAffinity::new);
        all.put("NodePorts", a -> new NodePorts());
        all.put("NodeResourcesFit", NodeResourcesFit::new);
        all.put("VolumeRestrictions", a -> new VolumeRestrictions(world, storage));
        all.put("NodeVolumeLimits", a -> new NodeVolumeLimits(storage));
        all.put("VolumeBinding", a -> new VolumeBinding(storage));
        all.put("VolumeZone", a -> new VolumeZone(storage));
        all.put("PodTopologySpread", a -> new PodTopologySpread(world, kin, a));
        all.put("InterPodAffinity", a -> new InterPodAffinity(world, namespaces, a));
        all.put("NodeResourcesBalancedAllocation", NodeResourcesBalancedAllocation::new);
        all.put("ImageLocality", a -> new ImageLocality(world));
    }

    public List<String> names() {
        return List.copyOf(all.keySet());
    }

    public static int weight(String plugin) {
        return WEIGHTS.getOrDefault(plugin, 1);
    }

    /** A plug-in with its arguments (pluginConfig); null for a name that is none of ours. */
    public Plugin make(String name, Obj args) {
        Function<Obj, Plugin> make = all.get(name);
        return make == null ? null : make.apply(args);
    }
}
