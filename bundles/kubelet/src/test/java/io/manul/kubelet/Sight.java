package io.manul.kubelet;

import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.json.Obj;
import io.manul.kubelet.container.ContainerConfigs;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Labels;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import java.util.ArrayList;
import java.util.List;

/** What a runtime could show of a pod, written down shortly for tables. */
public final class Sight {

    private final Pod pod;
    private final List<Sandbox> sandboxes = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();
    private long time = 1_700_000_000_000_000_000L;

    private Sight(Pod pod) {
        this.pod = pod;
    }

    public static Sight of(Pod pod) {
        return new Sight(pod);
    }

    /** @param spec members of {@code spec} as JSON */
    public static Pod pod(String spec) {
        return new Pod(Obj.parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u-1\","
                + "\"generation\":3},\"spec\":{" + spec + "}}"));
    }

    public static Pod containers(String policy, String inits, String mains) {
        return pod("\"restartPolicy\":\"" + policy + "\",\"initContainers\":[" + list(inits) + "],\"containers\":[" + list(mains) + "]");
    }

    /** Names; a sidecar's ends with '+'. */
    private static String list(String names) {
        List<String> out = new ArrayList<>();
        for (String n : names.isEmpty() ? new String[0] : names.split(" ")) {
            String name = n.replace("+", "");
            out.add("{\"name\":\"" + name + "\",\"image\":\"i\"" + (n.endsWith("+") ? ",\"restartPolicy\":\"Always\"" : "") + "}");
        }
        return String.join(",", out);
    }

    /** A new sandbox; the ones before are not ready any more. */
    public Sight sandbox(boolean ready) {
        List<Sandbox> old = List.copyOf(sandboxes);
        sandboxes.clear();
        sandboxes.add(new Sandbox("s" + old.size(), old.size(), ready, ++time, ready ? List.of("10.1.0.2") : List.of(), false));
        old.forEach(s -> sandboxes.add(new Sandbox(s.id(), s.attempt(), false, s.createdAt(), List.of(), false)));
        return this;
    }

    public Sight sandbox() {
        return sandbox(true);
    }

    /** A start of a container in the newest sandbox: {@code running}, {@code created}, or its exit code. */
    public Sight container(String name, String state) {
        time += 1_000_000_000L;
        int restarts = (int) instances.stream().filter(i -> i.name().equals(name)).count();
        ContainerStatus.Builder s = ContainerStatus.newBuilder().setId(name + restarts).setCreatedAt(time).setImageRef("sha256:1")
                .putAnnotations(Labels.RESTARTS, Integer.toString(restarts))
                .putAnnotations(Labels.HASH, pod.container(name).map(ContainerConfigs::hash).orElse(""));
        switch (state) {
            case "running" -> s.setState(ContainerState.CONTAINER_RUNNING).setStartedAt(time);
            case "created" -> s.setState(ContainerState.CONTAINER_CREATED);
            default -> s.setState(ContainerState.CONTAINER_EXITED).setStartedAt(time).setFinishedAt(time).setExitCode(Integer.parseInt(state))
                    .setReason(state.equals("0") ? "Completed" : "Error");
        }
        instances.addFirst(new Instance(name + restarts, name, sandboxes.getFirst().id(), s.build()));
        return this;
    }

    public Observed seen() {
        return new Observed(sandboxes, instances);
    }
}
