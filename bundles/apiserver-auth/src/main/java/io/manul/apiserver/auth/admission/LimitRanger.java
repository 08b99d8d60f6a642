package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gives containers the defaults of the namespace's LimitRanges, and refuses pods and claims that go beyond them. */
public final class LimitRanger implements Admission {

    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    @Override
    public String name() {
        return "LimitRanger";
    }

    private static boolean of(Write w, String plural) {
        return w.resource().group().isEmpty() && w.resource().plural().equals(plural) && w.subresource().isEmpty();
    }

    /** A pod's containers do not change, so that its updates are not looked at. */
    private static boolean concerns(Write w) {
        return of(w, "pods") && w.operation() == Operation.CREATE
                || of(w, "persistentvolumeclaims") && w.operation() != Operation.DELETE && (w.old() == null || !w.old().deleting());
    }

    private static List<Obj> ranges(Write w) throws ApiException {
        return w.reader().list("", "limitranges", w.namespace());
    }

    @Override
    public void mutate(Write w) throws ApiException {
        if (of(w, "pods") && w.operation() == Operation.CREATE) {
            for (Obj range : ranges(w)) {
                fill(range, w.object());
            }
        }
    }

    private static void fill(Obj range, Obj pod) {
        Map<String, Object> requests = new TreeMap<>();
        Map<String, Object> limits = new TreeMap<>();
        range.objects("spec", "limits").stream().filter(l -> l.text("type").equals("Container")).forEach(l -> {
            requests.putAll(l.at("defaultRequest").map());
            limits.putAll(l.at("default").map());
        });
        List<String> told = new ArrayList<>();
        pod.objects("spec", "containers").forEach(c -> fill(c, "container", requests, limits, told));
        pod.objects("spec", "initContainers").forEach(c -> fill(c, "init container", requests, limits, told));
        if (!told.isEmpty()) {
            pod.make("metadata", "annotations").put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", told));
        }
    }

    private static void fill(Obj container, String kind, Map<String, Object> requests, Map<String, Object> limits, List<String> told) {
        tell(fill(container, "requests", requests), "request", kind, container, told);
        tell(fill(container, "limits", limits), "limit", kind, container, told);
    }

    private static void tell(List<String> set, String what, String kind, Obj container, List<String> told) {
        if (!set.isEmpty()) {
            told.add(String.join(", ", set) + " " + what + " for " + kind + " " + container.text("name"));
        }
    }

    /** @return the names that were not there */
    private static List<String> fill(Obj container, String which, Map<String, Object> defaults) {
        List<String> set = new ArrayList<>();
        defaults.forEach((name, amount) -> {
            Obj there = container.make("resources", which);
            if (!there.has(name)) {
                there.put(name, amount);
                set.add(name);
            }
        });
        return set;
    }

    @Override
    public void validate(Write w) throws ApiException {
        if (!concerns(w)) {
            return;
        }
        for (Obj range : ranges(w)) {
            List<String> errors = new ArrayList<>();
            for (Obj limit : range.objects("spec", "limits")) {
                new Limits(limit, errors).check(w.object(), of(w, "pods"));
            }
            if (!errors.isEmpty()) {
                throw ApiException.forbidden("", w.resource().plural(), ShownName.of(w.object()),
                        errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
            }
        }
    }
}
