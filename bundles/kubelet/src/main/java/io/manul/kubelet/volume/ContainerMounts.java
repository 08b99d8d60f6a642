package io.manul.kubelet.volume;

import io.manul.cri.v1.Mount;
import io.manul.cri.v1.MountPropagation;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.container.ConfigException;
import io.manul.kubelet.container.ContainerConfigs;
import io.manul.kubelet.container.Expansion;
import io.manul.kubelet.container.HostsFile;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is mounted into a container: its volumeMounts, /etc/hosts, the file of its last words. */
public final class ContainerMounts {

    private static final Path HOSTS = Path.of("/etc/hosts");

    private final Places places;
    private final Volumes volumes;
    private final String domain;

    public ContainerMounts(Places places, Volumes volumes, String domain) {
        this.places = places;
        this.volumes = volumes;
        this.domain = domain;
    }

    /** @param folders where each volume is @param ips of the pod */
    public List<Mount> of(Pod pod, Obj container, int restarts, Map<String, Path> folders, Map<String, String> environment, List<String> ips)
            throws VolumeException, ConfigException {
        List<Mount> out = new ArrayList<>();
        int index = 0;
        for (Obj mount : container.objects("volumeMounts")) {
            out.add(mount(pod, container.text("name"), mount, index++, folders, environment));
        }
        try {
            if (out.stream().noneMatch(m -> m.getContainerPath().equals("/etc/hosts"))) {
                out.add(Mount.newBuilder().setHostPath(hosts(pod, ips).toString()).setContainerPath("/etc/hosts").build());
            }
            out.add(Mount.newBuilder().setHostPath(lastWords(pod, container.text("name"), restarts).toString())
                    .setContainerPath(ContainerConfigs.messagePath(container)).build());
        } catch (IOException e) {
            throw new ConfigException("files of the container cannot be written: " + e);
        }
        return out;
    }

    private Mount mount(Pod pod, String container, Obj mount, int index, Map<String, Path> folders, Map<String, String> environment)
            throws VolumeException, ConfigException {
        String name = mount.text("name");
        Path folder = folders.get(name);
        if (folder == null) {
            throw new ConfigException("cannot find volume \"" + name + "\" to mount into container \"" + container + "\"");
        }
        String sub = mount.has("subPathExpr") ? Expansion.expandAll(mount.text("subPathExpr"), environment) : mount.text("subPath");
        Path source = sub.isEmpty() ? folder : volumes.subPath(pod, name, folder, container, index, sub);
        String to = mount.text("mountPath");
        boolean always = pod.spec().objects("volumes").stream().filter(v -> v.text("name").equals(name))
                .anyMatch(v -> v.has("configMap") || v.has("secret") || v.has("downwardAPI") || v.has("projected"));
        return Mount.newBuilder().setHostPath(source.toString()).setContainerPath(to.startsWith("/") ? to : "/" + to)
                .setReadonly(mount.flag("readOnly") || always || volumes.readOnly(pod, name))
                .setPropagation(switch (mount.text("mountPropagation")) {
                    case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
                    case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                    default -> MountPropagation.PROPAGATION_PRIVATE;
                }).build();
    }

    private Path hosts(Pod pod, List<String> ips) throws IOException {
        Path file = Files.createDirectories(places.pod(pod.uid())).resolve("etc-hosts");
        String host = pod.hostNetwork() && Files.isReadable(HOSTS) ? Files.readString(HOSTS) : "";
        String text = HostsFile.of(pod, ips, domain, host);
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
            Owner.ROOT.file(file, 0644);
        }
        return file;
    }

    private Path lastWords(Pod pod, String container, int restarts) throws IOException {
        Path file = Files.createDirectories(places.pod(pod.uid()).resolve("containers").resolve(container))
                .resolve("last-words-" + restarts);
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        Owner.ROOT.file(file, 0666);
        return file;
    }
}
