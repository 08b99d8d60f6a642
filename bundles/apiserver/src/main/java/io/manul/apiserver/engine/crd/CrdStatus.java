package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code status} of a definition: accepted names, conditions, stored versions, as upstream's controllers set them. */
final class CrdStatus {

    private static final String APPROVAL = "api-approved.kubernetes.io";

    private CrdStatus() {
    }

    static void update(Obj crd, Write write) throws ApiException {
        String now = write.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Obj status = crd.make("status");
        names(crd, status, write, now);
        if (isProtected(crd.text("spec", "group"))) {
            approval(crd, status, now);
        }
        if (crd.deleting()) {
            set(status, "Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now);
        }
        List<Object> stored = status.list("storedVersions");
        crd.objects("spec", "versions").stream().filter(v -> v.flag("storage")).map(v -> v.text("name"))
                .filter(v -> !v.isEmpty() && !stored.contains(v)).forEach(stored::add);
    }

    private static void names(Obj crd, Obj status, Write write, String now) throws ApiException {
        CrdNames.Taken taken = new CrdNames.Taken();
        write.reader().each(Definition.GROUP, Definition.PLURAL, "", other -> taken.add(crd, other));
        Optional<CrdNames.Conflict> conflict = CrdNames.accept(crd, status.make("acceptedNames"), taken);
        if (conflict.isPresent()) {
            set(status, "NamesAccepted", "False", conflict.get().reason(), conflict.get().message(), now);
        } else {
            set(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now);
        }
        boolean established = Definition.condition(crd, "Established").filter(c -> c.text("status").equals("True")).isPresent();
        if (!established && conflict.isPresent()) {
            set(status, "Established", "False", "NotAccepted", "not all names are accepted", now);
        } else if (!established) {
            set(status, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now);
        }
    }

    /** Groups of the Kubernetes project. */
    static boolean isProtected(String group) {
        return group.equals("k8s.io") || group.endsWith(".k8s.io") || group.equals("kubernetes.io") || group.endsWith(".kubernetes.io");
    }

    static String approval(Obj crd) {
        return crd.annotations().getOrDefault(APPROVAL, "");
    }

    private static void approval(Obj crd, Obj status, String now) {
        String text = approval(crd);
        if (text.startsWith("unapproved")) {
            set(status, "KubernetesAPIApprovalPolicyConformant", "False", "UnapprovedAnnotation",
                    "not approved: \"" + APPROVAL + "\": \"" + text + "\"", now);
        } else {
            set(status, "KubernetesAPIApprovalPolicyConformant", "True", "ApprovedAnnotation", "approved in " + text, now);
        }
    }

    /** The time is the one when the status last changed. */
    static void set(Obj status, String type, String value, String reason, String message, String now) {
        List<Object> all = new ArrayList<>();
        Obj condition = Obj.of("lastTransitionTime", now, "message", message, "reason", reason, "status", value, "type", type);
        boolean there = false;
        for (Obj c : status.objects("conditions")) {
            if (!c.text("type").equals(type)) {
                all.add(c.map());
                continue;
            }
            if (c.text("status").equals(value)) {
                condition.put("lastTransitionTime", c.get("lastTransitionTime"));
            }
            all.add(condition.map());
            there = true;
        }
        if (!there) {
            all.add(condition.map());
        }
        status.put("conditions", all);
    }
}
