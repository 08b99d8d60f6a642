package io.manul.cri.containerd;

import io.manul.cri.ContainerRuntime;
import java.nio.file.Path;

/**
 * containerd's configuration for its version and this machine (containerd docs, man/containerd-config.toml.5 and
 * docs/cri/config.md). The cgroup driver is cgroupfs, on cgroup v1 and v2, with and without systemd.
 *
 * @param oomScores   false: nothing may be protected from the OOM killer here (CAP_SYS_RESOURCE is missing)
 * @param snapshotter overlayfs or native
 */
record Config(Version version, Places places, Path runc, Path cniPlugins, boolean oomScores, String snapshotter, boolean debug) {

    String toml() {
        return head() + (version.atLeast(2, 0) ? two() : one()) + tail();
    }

    private String head() {
        return """
                # Written by Manul at each start; changes are lost. To use a configuration of your own, put it beside this
                # file as config-user.toml: it is then used as it is, in place of this one.
                version = %d
                root = %s
                state = %s
                oom_score = %d
                disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", \
                "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

                [grpc]
                  address = %s

                [debug]
                  level = "%s"

                """.formatted(version.atLeast(2, 0) ? 3 : 2, text(places.root()), text(places.state()), oomScores ? -999 : 0,
                text(places.socket()), debug ? "debug" : "warn");
    }

    private String one() {
        return """
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%s"
                  stream_server_address = "127.0.0.1"
                  restrict_oom_score_adj = %s
                  enable_unprivileged_ports = true
                  enable_unprivileged_icmp = true
                  netns_mounts_under_state_dir = true
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = %s
                    conf_dir = %s
                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = %s
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "%s"
                    default_runtime_name = "runc"
                    disable_snapshot_annotations = true
                """.formatted(ContainerRuntime.PAUSE_IMAGE, !oomScores, text(cniPlugins), text(places.network()),
                text(places.registries()), snapshotter) + runc("plugins.\"io.containerd.grpc.v1.cri\".containerd");
    }

    private String two() {
        return """
                [plugins.'io.containerd.cri.v1.images']
                  snapshotter = "%s"
                  [plugins.'io.containerd.cri.v1.images'.pinned_images]
                    sandbox = "%s"
                  [plugins.'io.containerd.cri.v1.images'.registry]
                    config_path = %s

                [plugins.'io.containerd.cri.v1.runtime']
                  restrict_oom_score_adj = %s
                  enable_unprivileged_ports = true
                  enable_unprivileged_icmp = true
                  netns_mounts_under_state_dir = true
                  [plugins.'io.containerd.cri.v1.runtime'.cni]
                    bin_dirs = [%s]
                    conf_dir = %s
                  [plugins.'io.containerd.cri.v1.runtime'.containerd]
                    default_runtime_name = "runc"
                """.formatted(snapshotter, ContainerRuntime.PAUSE_IMAGE, text(places.registries()), !oomScores,
                text(cniPlugins), text(places.network())) + runc("plugins.'io.containerd.cri.v1.runtime'.containerd");
    }

    private String runc(String table) {
        return """
                    [%s.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                      [%s.runtimes.runc.options]
                        SystemdCgroup = false
                        BinaryName = %s
                        Root = %s
                """.formatted(table, table, text(runc), text(places.state().resolve("runc")));
    }

    /** Two containerd on one machine must not share NRI's socket (1.7 on) nor the folder of optional programs. */
    private String tail() {
        return """

                [plugins."io.containerd.internal.v1.opt"]
                  path = %s
                """.formatted(text(places.root().resolve("opt"))) + (version.atLeast(1, 7) ? """

                [plugins."io.containerd.nri.v1.nri"]
                  disable = true
                """ : "");
    }

    /** A TOML basic string. */
    private static String text(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
