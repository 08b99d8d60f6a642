package io.manul.helm;

import io.manul.json.Obj;
import java.time.Duration;
import java.util.Optional;

/** What a HelmChart with its HelmChartConfig asks for (helm.cattle.io/v1). */
record Wanted(Obj chart, Obj config) {

    enum FailurePolicy { REINSTALL, ABORT, RETRY }

    static final Duration TIMEOUT = Duration.ofSeconds(300);

    Obj spec() {
        return chart.at("spec");
    }

    String release() {
        return chart.name();
    }

    String namespace() {
        return spec().string("targetNamespace").filter(n -> !n.isEmpty()).orElse(chart.namespace());
    }

    FailurePolicy failurePolicy() {
        return switch (config.string("spec", "failurePolicy").orElse(spec().text("failurePolicy"))) {
            case "abort" -> FailurePolicy.ABORT;
            case "retry" -> FailurePolicy.RETRY;
            default -> FailurePolicy.REINSTALL;
        };
    }

    long tries() {
        return spec().number("backOffLimit").orElse(1000);
    }

    /** Go's duration in whole parts: 300s, 5m, 1h30m. */
    Duration timeout() throws HelmException {
        Optional<String> text = spec().string("timeout").filter(t -> !t.isEmpty());
        if (text.isEmpty()) {
            return TIMEOUT;
        }
        try {
            Duration d = Duration.parse("PT" + text.get().toUpperCase(java.util.Locale.ROOT));
            if (!d.isNegative() && d.compareTo(Duration.ofHours(24)) <= 0) {
                return d;
            }
        } catch (java.time.format.DateTimeParseException e) {
            throw new HelmException("spec.timeout is \"" + text.get() + "\": must be a duration such as 300s or 5m");
        }
        throw new HelmException("spec.timeout is \"" + text.get() + "\": must be at most 24h");
    }
}
