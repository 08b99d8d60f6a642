package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Columns of quotas, budgets, templates, revisions, and of the cluster's own settings. */
public final class ClusterColumns {

    private static final String NONE = "<none>";

    public static final Cells TEMPLATE = new Cells().text("Containers", t -> Cells.join(t.objects("template", "spec", "containers"), "name"))
            .text("Images", t -> Cells.join(t.objects("template", "spec", "containers"), "image"))
            .text("Pod Labels", t -> Cells.selector(t.at("template", "metadata", "labels")));

    public static final Cells QUOTA = new Cells().text("Request", q -> used(q, false)).text("Limit", q -> used(q, true)).age();

    public static final Cells REVISION = new Cells().text("Controller", ClusterColumns::controller).text("Revision", Cells.count("revision")).age();

    public static final Cells PRIORITY_CLASS = new Cells().number("Value", Cells.count("value"))
            .flag("Global-Default", p -> p.flag("globalDefault")).age().text("PreemptionPolicy", p -> p.text("preemptionPolicy"));

    public static final Cells RUNTIME_CLASS = new Cells().text("Handler", r -> r.text("handler")).age();

    public static final Cells COMPONENT = new Cells()
            .text("Status", c -> condition(c, "Healthy").map(h -> h.text("status").equals("True") ? "Healthy" : "Unhealthy").orElse("Unknown"))
            .text("Message", c -> condition(c, "Healthy").map(h -> h.text("message")).orElse(""))
            .text("Error", c -> condition(c, "Healthy").map(h -> h.text("error")).orElse(""));

    public static final Cells API_SERVICE = new Cells()
            .text("Service", s -> s.object("spec", "service").map(r -> r.text("namespace") + "/" + r.text("name")).orElse("Local"))
            .text("Available", s -> condition(s.at("status"), "Available").map(ClusterColumns::available).orElse("Unknown")).age();

    public static final Cells FLOW_SCHEMA = new Cells().text("PriorityLevel", f -> f.text("spec", "priorityLevelConfiguration", "name"))
            .text("MatchingPrecedence", Cells.count("spec", "matchingPrecedence"))
            .text("DistinguisherMethod", f -> f.string("spec", "distinguisherMethod", "type").orElse(NONE)).age()
            .text("MissingPL", f -> condition(f.at("status"), "Dangling").map(d -> d.text("status")).orElse("?"));

    public static final Cells PRIORITY_LEVEL = new Cells().text("Type", p -> p.text("spec", "type"))
            .text("NominalConcurrencyShares", p -> share(p, "nominalConcurrencyShares"))
            .text("Queues", p -> share(p, "limitResponse", "queuing", "queues"))
            .text("HandSize", p -> share(p, "limitResponse", "queuing", "handSize"))
            .text("QueueLengthLimit", p -> share(p, "limitResponse", "queuing", "queueLengthLimit")).age();

    private ClusterColumns() {
    }

    /** Used and hard of every resource whose name begins with {@code limits.}, or of all others. */
    private static String used(Obj quota, boolean limits) {
        Obj hard = quota.at("status", "hard");
        Obj used = quota.at("status", "used");
        return new TreeSet<>(hard.map().keySet()).stream().filter(r -> r.startsWith("limits.") == limits)
                .map(r -> r + ": " + Cells.quantity(used.get(r), "0") + "/" + Cells.quantity(hard.get(r), "0")).collect(Collectors.joining(", "));
    }

    private static String controller(Obj revision) {
        return revision.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller")).findFirst().map(o -> {
            int slash = o.text("apiVersion").indexOf('/');
            String group = slash < 0 ? "" : "." + o.text("apiVersion").substring(0, slash);
            return (o.text("kind") + group).toLowerCase(Locale.ROOT) + "/" + o.text("name");
        }).orElse(NONE);
    }

    private static Optional<Obj> condition(Obj in, String type) {
        return in.objects("conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    private static String available(Obj condition) {
        String status = condition.text("status");
        return status.equals("True") || condition.text("reason").isEmpty() ? status : status + " (" + condition.text("reason") + ")";
    }

    private static Object share(Obj level, String... path) {
        Obj limited = level.at("spec", "limited");
        return path.length > 1 && !limited.has("limitResponse", "queuing") || limited.isEmpty() ? NONE : limited.number(path).orElse(0);
    }
}
