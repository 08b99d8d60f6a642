package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.PodInfo;
import java.util.List;

/** The scoring strategies of NodeResourcesFit (kubescheduler.config.k8s.io/v1 ScoringStrategy). */
final class Allocation {

    private enum Type { LEAST, MOST, RATIO }

    /** A UtilizationShapePoint, its score brought from 0 to 10 to 0 to 100. */
    private record Point(long utilization, long score) {
    }

    private final Type type;
    private final ResourceScore resources;
    private final List<Point> shape;

    private Allocation(Type type, ResourceScore resources, List<Point> shape) {
        this.type = type;
        this.resources = resources;
        this.shape = shape;
    }

    static Allocation of(Obj strategy) {
        Type type = switch (strategy.text("type")) {
            case "MostAllocated" -> Type.MOST;
            case "RequestedToCapacityRatio" -> Type.RATIO;
            default -> Type.LEAST;
        };
        List<Point> shape = strategy.objects("requestedToCapacityRatio", "shape").stream()
                .map(p -> new Point(p.number("utilization").orElse(0), 10 * p.number("score").orElse(0))).toList();
        return new Allocation(type, ResourceScore.of(strategy.objects("resources")), shape);
    }

    long score(PodInfo pod, NodeInfo node) {
        long sum = 0;
        long weights = 0;
        for (ResourceScore.Weighted r : resources.resources()) {
            long capacity = ResourceScore.allocatable(r.name(), node);
            if (capacity == 0 || ResourceScore.extended(r.name()) && ResourceScore.asked(r.name(), pod) == 0) {
                continue;
            }
            long score = one(taken(r.name(), pod, node), capacity);
            if (type != Type.RATIO || score > 0) {
                sum += score * r.weight();
                weights += r.weight();
            }
        }
        return weights == 0 ? 0 : type == Type.RATIO ? Math.round((double) sum / weights) : sum / weights;
    }

    private static long taken(String name, PodInfo pod, NodeInfo node) {
        return switch (name) {
            case "cpu" -> node.scoredCpu() + pod.demand().scoredCpu();
            case "memory" -> node.scoredMemory() + pod.demand().scoredMemory();
            default -> ResourceScore.taken(name, node) + ResourceScore.asked(name, pod);
        };
    }

    private long one(long taken, long capacity) {
        return switch (type) {
            case LEAST -> taken > capacity ? 0 : (long) (100.0 * (capacity - taken) / capacity);
            case MOST -> (long) (100.0 * Math.min(taken, capacity) / capacity);
            case RATIO -> shaped(taken > capacity ? 100 : (long) (100.0 * taken / capacity));
        };
    }

    /** Straight lines between the points of the shape. */
    private long shaped(long utilization) {
        for (int i = 0; i < shape.size(); i++) {
            Point p = shape.get(i);
            if (utilization <= p.utilization) {
                if (i == 0) {
                    return p.score;
                }
                Point before = shape.get(i - 1);
                return before.score + (p.score - before.score) * (utilization - before.utilization) / (p.utilization - before.utilization);
            }
        }
        return shape.isEmpty() ? 0 : shape.getLast().score;
    }
}
