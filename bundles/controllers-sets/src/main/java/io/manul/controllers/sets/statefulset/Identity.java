package io.manul.controllers.sets.statefulset;

import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.json.Obj;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a pod of a StatefulSet is (Kubernetes, "StatefulSets", Pod Identity): its ordinal, name, labels, host name. Pure. */
final class Identity {

    static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    static final String POD_INDEX = "apps.kubernetes.io/pod-index";
    static final String REVISION = "controller-revision-hash";
    private static final Pattern NAME = Pattern.compile("(.*)-([0-9]{1,10})$");

    private Identity() {
    }

    /** -1 when the name has none. */
    static int ordinal(Obj pod) {
        Matcher m = NAME.matcher(pod.name());
        long ordinal = m.matches() ? Long.parseLong(m.group(2)) : -1;
        return ordinal > Integer.MAX_VALUE ? -1 : (int) ordinal;
    }

    static boolean member(Obj set, Obj pod) {
        Matcher m = NAME.matcher(pod.name());
        return m.matches() && m.group(1).equals(set.name());
    }

    static String name(Obj set, int ordinal) {
        return set.name() + "-" + ordinal;
    }

    static int start(Obj set) {
        return (int) set.number("spec", "ordinals", "start").orElse(0);
    }

    static int replicas(Obj set) {
        return (int) set.number("spec", "replicas").orElse(1);
    }

    static boolean inRange(Obj set, Obj pod) {
        int ordinal = ordinal(pod);
        return ordinal >= start(set) && ordinal < start(set) + replicas(set);
    }

    static String revision(Obj pod) {
        return pod.labels().getOrDefault(REVISION, "");
    }

    static boolean matches(Obj set, Obj pod) {
        return member(set, pod) && pod.name().equals(name(set, ordinal(pod))) && pod.name().equals(pod.labels().get(POD_NAME));
    }

    static Obj labels(Obj pod) {
        return Obj.of(POD_NAME, pod.name(), POD_INDEX, Integer.toString(ordinal(pod)));
    }

    /** Not in the cluster yet. @param set as of the revision that it is made from */
    static Obj pod(Obj set, int ordinal, String revision) {
        Obj template = set.at("spec", "template").copy();
        Obj metadata = Obj.of("name", name(set, ordinal), "namespace", set.namespace(),
                "ownerReferences", List.of(Owners.reference(set, Resources.STATEFUL_SETS)));
        for (String part : List.of("labels", "annotations", "finalizers")) {
            metadata.put(part, template.get("metadata", part));
        }
        Obj pod = Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", template.make("spec"));
        Obj labels = pod.make("metadata", "labels");
        labels(pod).stringMap().forEach(labels::put);
        labels.put(REVISION, revision);
        pod.make("spec").put("hostname", pod.name());
        if (!set.text("spec", "serviceName").isEmpty()) {
            pod.make("spec").put("subdomain", set.text("spec", "serviceName"));
        }
        Claims.mount(set, pod);
        return pod;
    }
}
