package io.manul.kubelet.runtime;

import java.util.List;

/** A pod sandbox. @param createdAt nanoseconds since 1970 @param ips empty on the host's network, or when not ready */
public record Sandbox(String id, int attempt, boolean ready, long createdAt, List<String> ips, boolean hostNetwork) {
    public Sandbox {
        ips = List.copyOf(ips);
    }
}
