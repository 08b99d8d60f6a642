package io.manul.scheduler.framework;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;

/** A pod, read once for all rules. Of one that has its node only what others must know is kept. Immutable. */
public record PodInfo(Id id, Standing standing, Demand demand, Affinity affinity, Wish wish, Volumes volumes) {

    /** Who it is. @param owner kind and name of its controller, {@code ReplicaSet/web}; empty without one */
    public record Id(Key key, String uid, String version, long generation, Map<String, String> labels, String owner) {
    }

    /**
     * Where it stands.
     *
     * @param node      where it runs; empty while it waits
     * @param nominated where room is made for it; empty for none
     * @param started   {@code status.startTime}, or empty
     * @param ended     Succeeded or Failed
     * @param preempted it goes because the scheduler made room
     */
    public record Standing(String node, String nominated, int priority, String started, boolean deleting, boolean ended, boolean preempted) {
    }

    private static final String DEFAULT = "default-scheduler";

    public static PodInfo of(Obj pod) {
        Standing standing = standing(pod);
        Obj owner = pod.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller")).findFirst().orElse(null);
        Id id = new Id(Key.of(pod), pod.uid(), pod.resourceVersion(), pod.number("metadata", "generation").orElse(0), Map.copyOf(pod.labels()),
                owner == null ? "" : owner.text("kind") + "/" + owner.text("name"));
        boolean waits = standing.node.isEmpty() && !standing.ended;
        return new PodInfo(id, standing, Demand.of(pod), Affinity.of(pod), waits ? Wish.of(pod) : Wish.NONE, Volumes.of(pod));
    }

    private static Standing standing(Obj pod) {
        String phase = pod.text("status", "phase");
        boolean preempted = pod.deleting() && pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("DisruptionTarget")
                && c.text("status").equals("True") && c.text("reason").equals("PreemptionByScheduler"));
        return new Standing(pod.text("spec", "nodeName"), pod.text("status", "nominatedNodeName"), (int) pod.number("spec", "priority").orElse(0),
                pod.text("status", "startTime"), pod.deleting(), phase.equals("Succeeded") || phase.equals("Failed"), preempted);
    }

    /** This pod, as it will be there. */
    public PodInfo on(String node) {
        return new PodInfo(id, new Standing(node, standing.nominated, standing.priority, standing.started, standing.deleting, standing.ended,
                standing.preempted), demand, affinity, Wish.NONE, volumes);
    }

    /** This pod, with room made for it there. */
    public PodInfo nominated(String node) {
        return new PodInfo(id, new Standing(standing.node, node, standing.priority, standing.started, standing.deleting, standing.ended,
                standing.preempted), demand, affinity, wish, volumes);
    }

    public Key key() {
        return id.key;
    }

    public int priority() {
        return standing.priority;
    }

    /** Waits for a node, and is ours by no other reason than that. */
    public boolean waits() {
        return standing.node.isEmpty() && !standing.deleting && !standing.ended;
    }

    public boolean assigned() {
        return !standing.node.isEmpty() && !standing.ended;
    }

    /** What an event or a patch must say of it. */
    public Obj reference() {
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", Obj.of("namespace", key().namespace(), "name", key().name(), "uid", id.uid,
                "resourceVersion", id.version));
    }

    static String schedulerOf(Obj pod) {
        String name = pod.text("spec", "schedulerName");
        return name.isEmpty() ? DEFAULT : name;
    }

    /** Names of the claims that its volumes stand for; of a generic ephemeral volume, the claim that will be made for it. */
    public List<String> claims() {
        return volumes.claims().stream().map(Volumes.Claim::name).toList();
    }
}
