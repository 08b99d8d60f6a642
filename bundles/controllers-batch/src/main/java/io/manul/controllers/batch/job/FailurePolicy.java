package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** {@code spec.podFailurePolicy}: the first rule that fits a failed pod decides (Kubernetes, "Jobs", Pod failure policy). Pure. */
final class FailurePolicy {

    /** What the policy says of a pod. @param action empty when no rule fits; @param message why the Job fails, else empty */
    record Verdict(String action, boolean counts, String message) {
    }

    private static final Verdict NO_RULE = new Verdict("", true, "");

    private FailurePolicy() {
    }

    static Verdict of(Obj job, Obj pod) {
        Optional<Obj> policy = JobSpec.failurePolicy(job);
        if (policy.isEmpty()) {
            return NO_RULE;
        }
        List<Obj> rules = policy.get().objects("rules");
        for (int i = 0; i < rules.size(); i++) {
            Obj rule = rules.get(i);
            Optional<String> what = rule.has("onExitCodes") ? exit(rule.at("onExitCodes"), pod)
                    : condition(rule.objects("onPodConditions"), pod);
            if (what.isPresent()) {
                String action = rule.text("action");
                String tail = " matching " + action + " rule at index " + i;
                return new Verdict(action, !action.equals("Ignore"), action.equals("FailJob") ? what.get() + tail : "");
            }
        }
        return NO_RULE;
    }

    private static Optional<String> exit(Obj requirement, Obj pod) {
        Optional<Obj> container = container(pod.objects("status", "containerStatuses"), requirement)
                .or(() -> container(pod.objects("status", "initContainerStatuses"), requirement));
        return container.map(c -> "Container " + c.text("name") + " for pod " + pod.namespace() + "/" + pod.name()
                + " failed with exit code "
                + c.number("state", "terminated", "exitCode").orElse(0));
    }

    private static Optional<Obj> container(List<Obj> statuses, Obj requirement) {
        String name = requirement.text("containerName");
        List<?> values = requirement.get("values") instanceof List<?> l ? l : List.of();
        boolean in = requirement.text("operator").equals("In");
        return statuses.stream().filter(s -> name.isEmpty() || name.equals(s.text("name"))).filter(s -> {
            long code = s.number("state", "terminated", "exitCode").orElse(0);
            return code != 0 && values.contains(code) == in;
        }).findFirst();
    }

    private static Optional<String> condition(List<Obj> patterns, Obj pod) {
        return pod.objects("status", "conditions").stream()
                .filter(c -> patterns.stream().anyMatch(p -> p.text("type").equals(c.text("type")) && p.text("status")
                        .equals(c.text("status"))))
                .findFirst().map(c -> "Pod " + pod.namespace() + "/" + pod.name() + " has condition " + c.text("type"));
    }

    /** Why the Job fails at once, when one of its failed pods says so. */
    static Optional<String> failsJob(Obj job, List<Obj> pods) {
        return pods.stream().filter(p -> JobPod.failed(p, job)).map(p -> of(job, p).message()).filter(m -> !m.isEmpty()).findFirst();
    }
}
