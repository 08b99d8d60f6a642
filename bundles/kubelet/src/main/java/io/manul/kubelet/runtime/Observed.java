package io.manul.kubelet.runtime;

import java.util.List;
import java.util.Optional;

/** What the runtime has of one pod, newest first. */
public record Observed(List<Sandbox> sandboxes, List<Instance> instances) {

    public static final Observed NOTHING = new Observed(List.of(), List.of());

    public Observed {
        sandboxes = List.copyOf(sandboxes);
        instances = List.copyOf(instances);
    }

    /** The newest sandbox, ready or not. */
    public Optional<Sandbox> sandbox() {
        return sandboxes.stream().findFirst();
    }

    public Optional<Sandbox> readySandbox() {
        return sandbox().filter(Sandbox::ready);
    }

    /** Starts of one container, newest first. */
    public List<Instance> of(String container) {
        return instances.stream().filter(i -> i.name().equals(container)).toList();
    }

    public Optional<Instance> latest(String container) {
        return instances.stream().filter(i -> i.name().equals(container)).findFirst();
    }

    public List<Instance> running() {
        return instances.stream().filter(Instance::running).toList();
    }

    public boolean nothing() {
        return sandboxes.isEmpty() && instances.isEmpty();
    }
}
