package io.manul.scheduler.plugin;

import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.World;
import java.util.List;
import java.util.Optional;

/** Nodes that have the pod's images score higher: by their size, and by how many nodes have them, so that not all go to one. */
final class ImageLocality implements Plugin {

    private static final long MIB = 1 << 20;
    private static final long LEAST = 23 * MIB;
    private static final long MOST_EACH = 1000 * MIB;

    private final World world;

    ImageLocality(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return "ImageLocality";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<String> images = pod.wish().images().stream().map(ImageLocality::full).toList();
        return Optional.of(new Rule() {
            @Override
            public boolean scores(List<NodeInfo> feasible) {
                return images.stream().anyMatch(i -> world.nodesWithImage(i) > 0);
            }

            @Override
            public long score(NodeInfo node) {
                long sum = 0;
                for (String image : images) {
                    Long size = node.facts().images().get(image);
                    sum += size == null ? 0 : (long) (size * ((double) world.nodesWithImage(image) / world.nodes().size()));
                }
                long most = MOST_EACH * images.size();
                return 100 * (Math.clamp(sum, LEAST, most) - LEAST) / (most - LEAST);
            }
        });
    }

    /** With the tag that a name without one means. */
    private static String full(String image) {
        return image.indexOf(':', image.lastIndexOf('/') + 1) < 0 ? image + ":latest" : image;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return false; // it refuses nothing
    }
}
