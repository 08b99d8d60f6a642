package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.List;
import java.util.Objects;

/**
 * What of a Job may change (batch/v1 JobSpec). While it is suspended and none of its pods runs: the template's resources and
 * scheduling directives (KEP-2926, KEP-5440).
 */
final class JobUpdates {

    private JobUpdates() {
    }

    static void check(Obj job, Obj old, FieldErrors e) {
        completions(job, old, e);
        for (String field : List.of("selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy",
                "successPolicy")) {
            if (!Objects.equals(job.get("spec", field), old.get("spec", field))) {
                e.immutable("spec." + field, job.get("spec", field));
            }
        }
        template(job.at("spec", "template"), old.at("spec", "template"), rests(old), e);
    }

    private static void completions(Obj job, Obj old, FieldErrors e) {
        Object wanted = job.get("spec", "completions");
        if (Objects.equals(wanted, old.get("spec", "completions"))) {
            return;
        }
        if (!job.text("spec", "completionMode").equals("Indexed")) {
            e.immutable("spec.completions", wanted);
        } else if (wanted != null && !wanted.equals(job.get("spec", "parallelism"))) {
            e.invalid("spec.completions", wanted, "can only be modified in tandem with spec.parallelism");
        }
    }

    /** Suspended, and no pod of it runs any more. */
    private static boolean rests(Obj job) {
        boolean suspended = job.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Suspended")
                && c.text("status").equals("True"));
        return job.flag("spec", "suspend") && (!job.has("status", "startTime") || suspended) && job.number("status", "active")
                .orElse(0) == 0;
    }

    private static void template(Obj wanted, Obj old, boolean rests, FieldErrors e) {
        Obj allowed = old.copy();
        if (rests) {
            directives(wanted, allowed);
            resources(wanted, allowed);
        }
        if (!allowed.equals(wanted)) {
            e.immutable("spec.template", wanted.map());
        }
    }

    private static void directives(Obj wanted, Obj allowed) {
        Obj spec = allowed.make("spec");
        if (wanted.has("spec", "affinity", "nodeAffinity")) {
            spec.make("affinity").put("nodeAffinity", wanted.get("spec", "affinity", "nodeAffinity"));
        } else if (spec.has("affinity")) {
            spec.remove("affinity", "nodeAffinity");
            if (spec.at("affinity").isEmpty() && !wanted.has("spec", "affinity")) {
                spec.remove("affinity");
            }
        }
        for (String field : List.of("nodeSelector", "tolerations", "schedulingGates")) {
            spec.put(field, wanted.get("spec", field));
        }
        for (String field : List.of("labels", "annotations")) {
            allowed.make("metadata").put(field, wanted.get("metadata", field));
        }
        if (allowed.at("metadata").isEmpty() && !wanted.has("metadata")) {
            allowed.remove("metadata");
        }
    }

    private static void resources(Obj wanted, Obj allowed) {
        for (String list : List.of("containers", "initContainers")) {
            List<Obj> now = wanted.objects("spec", list);
            List<Obj> then = allowed.objects("spec", list);
            for (int i = 0; i < now.size() && now.size() == then.size(); i++) {
                if (now.get(i).text("name").equals(then.get(i).text("name"))) {
                    then.get(i).put("resources", now.get(i).get("resources"));
                }
            }
        }
    }
}
