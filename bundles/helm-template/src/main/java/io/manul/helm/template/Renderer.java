package io.manul.helm.template;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Renders charts: values merged and checked, dependencies chosen, templates executed, the result split, sorted and told apart
 * into manifests, hooks and notes. Bounded in time and output. Safe from any thread.
 */
public final class Renderer {

    /** Limits of one rendering. */
    public record Bounds(Duration time, long outputChars) {
        public static final Bounds DEFAULT = new Bounds(Duration.ofSeconds(60), 32L << 20);
    }

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Bounds bounds;

    public Renderer(InstantSource clock, RandomGenerator random, Bounds bounds) {
        this.clock = clock;
        this.random = random;
        this.bounds = bounds;
    }

    /**
     * @param values the user's; the chart's own are merged below them. Numbers from YAML are doubles as in Helm ({@link Charts#values}),
     *        numbers from {@code set} are longs
     * @throws ChartException in Helm's words
     */
    public Rendered render(Chart chart, Obj values, Release release, Capabilities capabilities, Lookup lookup) throws ChartException {
        return new Rendering(clock, random, bounds, release, capabilities, lookup).render(chart, values.map());
    }
}
