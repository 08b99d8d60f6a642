package io.manul.scheduler.plugin;

import io.manul.scheduler.api.SchedulerPlugin;
import java.util.List;

/** The plug-ins that are always there, in upstream's order. */
public final class Defaults {
    private Defaults() {
    }

    public static List<SchedulerPlugin> all() {
        return List.of(new NodeUnschedulable(), new NodeName(), new TaintToleration(), new NodeAffinity(), new NodePorts(),
                new NodeResourcesFit(), new NodeResourcesBalancedAllocation());
    }
}
