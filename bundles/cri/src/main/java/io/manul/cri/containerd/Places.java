package io.manul.cri.containerd;

import io.manul.api.settings.Settings;
import java.nio.file.Path;

/** Where containerd's files are: what must last below the data directory, sockets and process state below the run directory. */
public record Places(Path data, Path run) {

    public static Places of(Settings settings) {
        return new Places(settings.dataDir().toAbsolutePath(), settings.runDir().toAbsolutePath());
    }

    public Path root() {
        return data.resolve("agent/containerd");
    }

    public Path state() {
        return run.resolve("containerd");
    }

    public Path socket() {
        return state().resolve("containerd.sock");
    }

    Path pidFile() {
        return state().resolve("containerd.pid");
    }

    Path log() {
        return root().resolve("containerd.log");
    }

    Path etc() {
        return data.resolve("agent/etc/containerd");
    }

    Path config() {
        return etc().resolve("config.toml");
    }

    /** What the running containerd was started with. */
    Path runningConfig() {
        return state().resolve("config.running.toml");
    }

    /** The user's own configuration, used as it is in place of ours. */
    Path userConfig() {
        return etc().resolve("config-user.toml");
    }

    Path registries() {
        return etc().resolve("certs.d");
    }

    public Path network() {
        return data.resolve("agent/etc/cni/net.d");
    }

    public Path addresses() {
        return data.resolve("agent/cni");
    }

    public Path podCidr() {
        return data.resolve("agent/pod-cidr");
    }
}
