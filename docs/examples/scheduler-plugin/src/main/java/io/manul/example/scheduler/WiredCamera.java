package io.manul.example.scheduler;

import io.manul.json.Obj;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** A pod that reads a camera runs where that camera is wired to; of several nodes on that with the fewest. */
@Component(service = SchedulerPlugin.class)
public final class WiredCamera implements SchedulerPlugin {

    private static final String WANTED = "example.com/camera";
    private static final String WIRED = "example.com/cameras";

    @Override
    public String name() {
        return "WiredCamera";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        String camera = pod.pod().annotations().getOrDefault(WANTED, "");
        return camera.isEmpty() || cameras(node.node()).contains(camera) ? Optional.empty()
                : Optional.of("node(s) had no wire to camera " + camera);
    }

    @Override
    public int score(PodWish pod, NodeState node) {
        return 100 / (1 + cameras(node.node()).size());
    }

    @Override
    public int weight() {
        return 2;
    }

    /** Pods that go do not move a wire. */
    @Override
    public boolean resolvable() {
        return false;
    }

    private static List<String> cameras(Obj node) {
        return Arrays.stream(node.annotations().getOrDefault(WIRED, "").split(",")).map(String::strip).filter(c -> !c.isEmpty()).toList();
    }
}
