package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Pod (core/v1): phase and QoS at creation, what may change afterwards, graceful deletion, selectable fields. */
public final class PodStrategy implements Strategy {

    private static final String MAY_CHANGE = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
            + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    @Override
    public void defaults(Obj pod) {
        PodDefaults.ofPod(pod);
    }

    @Override
    public void prepareCreate(Obj pod, Write write) {
        Obj status = Obj.of("phase", "Pending", "qosClass", Qos.of(pod.at("spec")));
        if (!pod.objects("spec", "schedulingGates").isEmpty()) {
            status.put("conditions", List.of(Obj.of("type", "PodScheduled", "status", "False", "reason", "SchedulingGated",
                    "message", "Scheduling is blocked due to non-empty scheduling gates",
                    "lastTransitionTime", write.now().truncatedTo(ChronoUnit.SECONDS).toString())));
        }
        pod.put("status", status);
    }

    @Override
    public void validate(Obj pod, FieldErrors e) {
        PodSpecRules.check(pod.at("spec"), "spec", e);
    }

    /** Only images, deadline, tolerations (added), gates (removed) and the node name (once, by binding) may change. */
    @Override
    public void validateUpdate(Obj pod, Obj old, FieldErrors e) {
        Obj was = old.at("spec").copy();
        Obj now = pod.at("spec").copy();
        for (String list : List.of("containers", "initContainers")) {
            List<Obj> before = was.objects(list);
            List<Obj> after = now.objects(list);
            if (before.size() != after.size()) {
                e.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            for (int i = 0; i < before.size(); i++) {
                after.get(i).put("image", before.get(i).get("image"));
            }
        }
        deadline(was, now, e);
        if (!now.objects("tolerations").containsAll(was.objects("tolerations"))) {
            e.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
        if (!was.objects("schedulingGates").containsAll(now.objects("schedulingGates"))) {
            e.forbidden("spec.schedulingGates", "only deletion is allowed, but found new scheduling gates");
        }
        for (String key : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates", "terminationGracePeriodSeconds")) {
            now.put(key, was.get(key));
        }
        if (!was.objects("schedulingGates").isEmpty()) {
            now.put("nodeSelector", was.get("nodeSelector")).put("affinity", was.get("affinity"));
        }
        now.put("ephemeralContainers", was.get("ephemeralContainers"));
        if (!now.equals(was)) {
            e.forbidden("spec", MAY_CHANGE + "\n" + difference(was, now));
        }
    }

    private static void deadline(Obj was, Obj now, FieldErrors e) {
        OptionalLong before = was.number("activeDeadlineSeconds");
        OptionalLong after = now.number("activeDeadlineSeconds");
        if (before.isPresent() && after.isEmpty()) {
            e.invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
        } else if (before.isPresent() && after.getAsLong() > before.getAsLong()) {
            e.invalid("spec.activeDeadlineSeconds", after.getAsLong(), "must be less than or equal to previous value");
        }
    }

    private static String difference(Obj was, Obj now) {
        StringBuilder text = new StringBuilder();
        now.map().forEach((key, value) -> {
            Object before = was.get(key);
            if (!java.util.Objects.equals(before, value)) {
                text.append("- ").append(key).append(": ").append(Json.text(before)).append("\n+ ").append(key).append(": ")
                        .append(Json.text(value)).append('\n');
            }
        });
        was.map().keySet().stream().filter(k -> !now.has(k)).forEach(k -> text.append("- ").append(k).append('\n'));
        return text.toString();
    }

    /** Unset grace: the pod's own; a pod that has no node or has ended goes at once. */
    @Override
    public OptionalLong graceSeconds(Obj pod) {
        String phase = pod.text("status", "phase");
        if (pod.text("spec", "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return OptionalLong.of(0);
        }
        return OptionalLong.of(pod.number("spec", "terminationGracePeriodSeconds").orElse(30));
    }

    @Override
    public Map<String, String> selectable(Obj pod) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("spec.nodeName", pod.text("spec", "nodeName"));
        fields.put("spec.restartPolicy", pod.text("spec", "restartPolicy"));
        fields.put("spec.schedulerName", pod.text("spec", "schedulerName"));
        fields.put("spec.serviceAccountName", pod.text("spec", "serviceAccountName"));
        fields.put("spec.hostNetwork", Boolean.toString(pod.flag("spec", "hostNetwork")));
        fields.put("status.phase", pod.text("status", "phase"));
        fields.put("status.podIP", pod.text("status", "podIP"));
        fields.put("status.nominatedNodeName", pod.text("status", "nominatedNodeName"));
        return fields;
    }

    @Override
    public List<Column> columns() {
        return PodColumns.CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj pod, Instant now) {
        return PodColumns.CELLS.of(pod, now);
    }
}
