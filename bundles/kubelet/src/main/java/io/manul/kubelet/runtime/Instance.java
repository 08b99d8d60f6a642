package io.manul.kubelet.runtime;

import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;

/** One container in the runtime: one start of one container of the pod. @param sandbox id of the sandbox that it is in */
public record Instance(String id, String name, String sandbox, ContainerStatus status) {

    public boolean running() {
        return status.getState() == ContainerState.CONTAINER_RUNNING;
    }

    public boolean created() {
        return status.getState() == ContainerState.CONTAINER_CREATED;
    }

    public boolean exited() {
        return status.getState() == ContainerState.CONTAINER_EXITED;
    }

    /** Neither runs nor waits to be started: it exited, or the runtime does not know. */
    public boolean over() {
        return !running() && !created();
    }

    public int exitCode() {
        return status.getExitCode();
    }

    /** How often the container was started before. */
    public int restarts() {
        return number(status.getAnnotationsOrDefault(Labels.RESTARTS, "0"));
    }

    public String hash() {
        return status.getAnnotationsOrDefault(Labels.HASH, "");
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0; // not written by a kubelet
        }
    }
}
