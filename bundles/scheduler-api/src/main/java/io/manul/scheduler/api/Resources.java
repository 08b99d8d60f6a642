package io.manul.scheduler.api;

import java.util.Map;

/**
 * Amounts of a node's resources.
 *
 * @param milliCpu  thousandths of a core
 * @param extended  extended and huge-page resources by name, in units
 */
public record Resources(long milliCpu, long memoryBytes, long ephemeralBytes, long pods, Map<String, Long> extended) {
    public static final Resources NONE = new Resources(0, 0, 0, 0, Map.of());

    public Resources {
        extended = Map.copyOf(extended);
    }

    public Resources plus(Resources o) {
        return combine(o, 1);
    }

    public Resources minus(Resources o) {
        return combine(o, -1);
    }

    private Resources combine(Resources o, int sign) {
        Map<String, Long> sum = new java.util.HashMap<>(extended);
        o.extended.forEach((k, v) -> sum.merge(k, sign * v, Long::sum));
        return new Resources(milliCpu + sign * o.milliCpu, memoryBytes + sign * o.memoryBytes,
                ephemeralBytes + sign * o.ephemeralBytes, pods + sign * o.pods, sum);
    }
}
