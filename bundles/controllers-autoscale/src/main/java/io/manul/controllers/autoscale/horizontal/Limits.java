package io.manul.controllers.autoscale.horizontal;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongBinaryOperator;

/**
 * From what the metrics propose to what is set: stabilization windows, scaling policies, minReplicas and maxReplicas (Kubernetes,
 * "Horizontal Pod Autoscaling", Configurable scaling behavior). Says in the conditions what held it back.
 */
final class Limits {

    private static final Duration DOWNSCALE = Duration.ofMinutes(5);
    private static final String WITHIN = "the desired count is within the acceptable range";

    private record Limited(long replicas, String reason, String message) {
    }

    private final Obj autoscaler;
    private final History.One history;
    private final long current;
    private final Instant now;

    Limits(Obj autoscaler, History.One history, long current, Instant now) {
        this.autoscaler = autoscaler;
        this.history = history;
        this.current = current;
        this.now = now;
    }

    private long min() {
        return autoscaler.number("spec", "minReplicas").orElse(1);
    }

    private long max() {
        return autoscaler.number("spec", "maxReplicas").orElse(1);
    }

    long of(long proposed) {
        boolean behaves = autoscaler.has("spec", "behavior");
        long stable = behaves ? stableByBehavior(proposed) : stable(proposed);
        if (stable != proposed) {
            boolean up = behaves && proposed >= current;
            condition("AbleToScale", "True", up ? "ScaleUpStabilized" : "ScaleDownStabilized", up
                    ? "recent recommendations were lower than current one, applying the lowest recent recommendation"
                    : "recent recommendations were higher than current one, applying the highest recent recommendation");
        } else {
            condition("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size");
        }
        Limited limited = behaves ? byBehavior(stable) : byRules(stable);
        condition("ScalingLimited", limited.replicas() == stable ? "False" : "True", limited.reason(), limited.message());
        return limited.replicas();
    }

    private void condition(String type, String status, String reason, String message) {
        Conditions.set(autoscaler, type, status, reason, message, now);
    }

    private long stable(long proposed) {
        long highest = history.highest(proposed, now.minus(DOWNSCALE));
        history.recommend(proposed, now, DOWNSCALE);
        return highest;
    }

    private long stableByBehavior(long proposed) {
        Duration up = window("scaleUp", Duration.ZERO);
        Duration down = window("scaleDown", DOWNSCALE);
        long lowest = history.lowest(proposed, now.minus(up));
        long highest = history.highest(proposed, now.minus(down));
        history.recommend(proposed, now, up.compareTo(down) > 0 ? up : down);
        return Math.min(highest, Math.max(lowest, current));
    }

    private Duration window(String direction, Duration otherwise) {
        Obj rules = autoscaler.at("spec", "behavior", direction);
        return rules.has("stabilizationWindowSeconds") ? Duration.ofSeconds(rules.number("stabilizationWindowSeconds").orElse(0))
                : otherwise;
    }

    /** Without a behavior of its own: at most the double, or four. */
    private Limited byRules(long wanted) {
        long fastest = Math.max(2 * current, 4);
        if (wanted < min()) {
            return tooFew(min());
        }
        if (wanted > Math.min(max(), fastest)) {
            return max() > fastest ? tooFast(fastest, "in") : tooMany();
        }
        return new Limited(wanted, "DesiredWithinRange", WITHIN);
    }

    private Limited byBehavior(long wanted) {
        if (wanted > current) {
            long fastest = Math.max(current, upLimit());
            if (wanted > Math.min(max(), fastest)) {
                return max() > fastest ? tooFast(fastest, "in") : tooMany();
            }
        } else if (wanted < current) {
            long fastest = Math.min(current, downLimit());
            if (wanted < Math.max(min(), fastest)) {
                return min() < fastest ? tooFast(fastest, "de") : tooFew(min());
            }
        }
        return new Limited(wanted, "DesiredWithinRange", WITHIN);
    }

    private static Limited tooFew(long replicas) {
        return new Limited(replicas, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
    }

    private Limited tooMany() {
        return new Limited(max(), "TooManyReplicas", "the desired replica count is more than the maximum replica count");
    }

    private static Limited tooFast(long replicas, String direction) {
        return new Limited(replicas, direction.equals("in") ? "ScaleUpLimit" : "ScaleDownLimit",
                "the desired replica count is " + direction + "creasing faster than the maximum scale rate");
    }

    private long upLimit() {
        Obj rules = autoscaler.at("spec", "behavior", "scaleUp");
        boolean least = rules.text("selectPolicy").equals("Min");
        return policies(rules, least ? Long.MAX_VALUE : Long.MIN_VALUE, least ? Math::min : Math::max, (start, policy) -> pods(policy)
                ? start + value(policy) : (long) Math.ceil(start * (1 + value(policy) / 100.0)));
    }

    private long downLimit() {
        Obj rules = autoscaler.at("spec", "behavior", "scaleDown");
        boolean least = rules.text("selectPolicy").equals("Min");
        return policies(rules, least ? Long.MIN_VALUE : Long.MAX_VALUE, least ? Math::max : Math::min, (start, policy) -> pods(policy)
                ? start - value(policy) : (long) (start * (1 - value(policy) / 100.0)));
    }

    private interface Step {
        long of(long start, Obj policy);
    }

    private long policies(Obj rules, long first, LongBinaryOperator choose, Step step) {
        if (rules.text("selectPolicy").equals("Disabled")) {
            return current;
        }
        long result = first;
        for (Obj policy : rules.objects("policies")) {
            long start = history.before(current, policy.number("periodSeconds").orElse(0), now);
            result = choose.applyAsLong(result, step.of(start, policy));
        }
        return result;
    }

    private static boolean pods(Obj policy) {
        return policy.text("type").equals("Pods");
    }

    private static long value(Obj policy) {
        return policy.number("value").orElse(0);
    }
}
