package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.pod.PodSpecRules;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Validation of a JobSpec, of a Job or in a CronJob (batch/v1 JobSpec). */
final class JobRules {

    private static final int MOST_INDEXED = 100_000;
    private static final int MOST_WITH_MANY = 10_000;
    private static final int MOST_MANAGER = 63;

    private JobRules() {
    }

    static void check(Obj spec, String path, FieldErrors e) {
        for (String n : List.of("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
                "backoffLimitPerIndex",
                "maxFailedIndexes")) {
            spec.number(n).ifPresent(v -> Texts.notNegative(v, path + "." + n, e));
        }
        if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
            e.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
        manager(spec, path, e);
        Texts.oneOf(spec.text("completionMode"), path + ".completionMode", Set.of("Indexed", "NonIndexed"), e);
        if (spec.text("completionMode").equals("Indexed")) {
            indexed(spec, path, e);
        } else {
            for (String n : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                spec.number(n).ifPresent(v -> e.invalid(path + "." + n, v, "requires indexed completion mode"));
            }
        }
        PolicyRules.check(spec, path, e);
        replacement(spec, path + ".podReplacementPolicy", e);
        PodSpecRules.check(spec.at("template", "spec"), path + ".template.spec", e);
        restart(spec, path + ".template.spec.restartPolicy", e);
    }

    private static void manager(Obj spec, String path, FieldErrors e) {
        String by = spec.text("managedBy");
        if (!spec.has("managedBy")) {
            return;
        }
        int slash = by.indexOf('/');
        if (by.isEmpty()) {
            e.required(path + ".managedBy", "");
        } else if (slash <= 0 || slash == by.length() - 1) {
            e.invalid(path + ".managedBy", by, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            Texts.subdomain(by.substring(0, slash), path + ".managedBy", e);
        }
        if (by.length() > MOST_MANAGER) {
            e.tooLong(path + ".managedBy", MOST_MANAGER);
        }
    }

    private static void indexed(Obj spec, String path, FieldErrors e) {
        OptionalLong completions = spec.number("completions");
        OptionalLong failed = spec.number("maxFailedIndexes");
        long parallelism = spec.number("parallelism").orElse(0);
        if (completions.isEmpty()) {
            e.required(path + ".completions", "when completion mode is Indexed");
        }
        if (parallelism > MOST_INDEXED) {
            e.invalid(path + ".parallelism", parallelism, "must be less than or equal to " + MOST_INDEXED
                    + " when completion mode is Indexed");
        }
        if (completions.isPresent() && failed.isPresent() && failed.getAsLong() > completions.getAsLong()) {
            e.invalid(path + ".maxFailedIndexes", failed.getAsLong(), "must be less than or equal to completions");
        }
        if (failed.orElse(0) > MOST_INDEXED) {
            e.invalid(path + ".maxFailedIndexes", failed.getAsLong(), "must be less than or equal to " + MOST_INDEXED);
        }
        if (completions.orElse(0) > MOST_INDEXED && spec.has("backoffLimitPerIndex")) {
            String why = "must be less than or equal to " + MOST_WITH_MANY + " when completions are above " + MOST_INDEXED
                    + " and used with backoff limit per index";
            if (failed.isEmpty()) {
                e.required(path + ".maxFailedIndexes", "must be specified when completions is above " + MOST_INDEXED);
            }
            if (parallelism > MOST_WITH_MANY) {
                e.invalid(path + ".parallelism", parallelism, why);
            }
            if (failed.orElse(0) > MOST_WITH_MANY) {
                e.invalid(path + ".maxFailedIndexes", failed.getAsLong(), why);
            }
        }
    }

    private static void replacement(Obj spec, String path, FieldErrors e) {
        Texts.oneOf(spec.text("podReplacementPolicy"), path, spec.has("podFailurePolicy") ? Set.of("Failed") : Set.of("Failed",
                "TerminatingOrFailed"), e);
    }

    private static void restart(Obj spec, String path, FieldErrors e) {
        String restart = spec.text("template", "spec", "restartPolicy");
        if (restart.equals("Always") || restart.isEmpty()) {
            e.required(path, "valid values: \"OnFailure\", \"Never\"");
        } else if (!restart.equals("OnFailure") && !restart.equals("Never")) {
            e.notSupported(path, restart, Set.of("OnFailure", "Never"));
        } else if (spec.has("podFailurePolicy") && !restart.equals("Never")) {
            e.invalid(path, restart, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }
}
