package io.manul.kubelet.volume;

import io.manul.client.Cluster;
import io.manul.cri.v1.Device;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.container.Downward;
import io.manul.kubelet.container.References;
import io.manul.kubelet.model.Pod;
import io.manul.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the volumes of pods, below {@code ROOT/pods/UID/volumes/kubernetes.io~KIND/NAME} as upstream, and takes them away.
 * What was made before is found again. Small read-only volumes lie in memory: nothing of them, secrets least of all, reaches
 * the flash. Safe from any thread, one call a pod at a time.
 */
public final class Volumes implements AutoCloseable {

    private static final Set<String> WRITTEN = Set.of("configMap", "secret", "downwardAPI", "projected");

    private final Places places;
    private final Mounts mounts;
    private final Payloads payloads;
    private final Follows follows;
    private final Persistent persistent;
    /** What claims gave, by "uid/volume". */
    private final Map<String, Persistent.Made> claimed = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public Volumes(Places places, Mounts mounts, References references, Cluster cluster, String node, InstantSource clock) {
        this.places = places;
        this.mounts = mounts;
        this.payloads = new Payloads(references, new Tokens(cluster, clock));
        this.follows = new Follows(cluster);
        this.persistent = new Persistent(places, new Claims(cluster, node));
        this.clock = clock;
    }

    /** From now on {@code stale} is told when the pod's volumes are to be made again; it returns at once. */
    public void follow(Pod pod, Runnable stale) {
        follows.follow(pod, stale);
    }

    /** Makes, or brings up to date, every volume. @return where each is, by name */
    public Map<String, Path> ensure(Downward downward) throws VolumeException, InterruptedException {
        Map<String, Path> out = new HashMap<>();
        for (Obj volume : downward.pod().spec().objects("volumes")) {
            out.put(volume.text("name"), ensure(volume, downward));
        }
        return out;
    }

    /** True when something of it may change while the pod runs. */
    public static boolean live(Pod pod) {
        return pod.spec().objects("volumes").stream().anyMatch(v -> WRITTEN.contains(kind(v)));
    }

    private static String kind(Obj volume) {
        return volume.map().keySet().stream().filter(k -> !k.equals("name")).findFirst().orElse("emptyDir");
    }

    private Path ensure(Obj volume, Downward downward) throws VolumeException, InterruptedException {
        String name = volume.text("name");
        String kind = kind(volume);
        Pod pod = downward.pod();
        Obj source = volume.at(kind);
        Path folder = places.pod(pod.uid()).resolve("volumes/kubernetes.io~" + plugin(kind)).resolve(name);
        try {
            return switch (kind) {
                case "hostPath" -> HostPaths.check(name, source);
                case "emptyDir" -> {
                    emptyDir(name, source, pod, folder);
                    yield folder;
                }
                case "configMap", "secret", "downwardAPI", "projected" -> {
                    mounts.memory(folder, 0);
                    Owner owner = owner(pod);
                    if (!Files.exists(folder.resolve("..data"), LinkOption.NOFOLLOW_LINKS)) {
                        owner.folder(folder);
                    }
                    new AtomicFolder(folder, owner, clock).write(payloads.of(name, kind, source, downward, folder, owner));
                    NestedMounts.make(folder, NestedMounts.in(pod, name));
                    yield folder;
                }
                case "persistentVolumeClaim", "ephemeral" -> {
                    String key = pod.uid() + "/" + name;
                    if (!claimed.containsKey(key)) { // what is bound stays bound
                        claimed.put(key, persistent.make(pod, volume));
                    }
                    yield claimed.get(key).path();
                }
                default -> throw new VolumeException(name, "volumes of type " + kind + " are not supported by this kubelet");
            };
        } catch (IOException e) {
            throw new VolumeException(name, e.getMessage());
        }
    }

    private static String plugin(String kind) {
        return switch (kind) {
            case "emptyDir" -> "empty-dir";
            case "configMap" -> "configmap";
            case "downwardAPI" -> "downward-api";
            default -> kind;
        };
    }

    private void emptyDir(String name, Obj source, Pod pod, Path folder) throws IOException, VolumeException {
        switch (source.text("medium")) {
            case "" -> {
                if (Files.isDirectory(folder)) {
                    return;
                }
                Files.createDirectories(folder);
            }
            case "Memory" -> {
                if (mounts.mounted(folder)) {
                    return;
                }
                mounts.memory(folder, Quantity.units(source.get("sizeLimit")));
            }
            default -> throw new VolumeException(name, "emptyDir medium " + source.text("medium") + " is not supported by this kubelet");
        }
        owner(pod).shared(folder);
    }

    private static Owner owner(Pod pod) {
        Obj shared = pod.spec().at("securityContext");
        Set<Long> users = new HashSet<>();
        for (Obj c : pod.allContainers()) {
            OptionalLong own = c.number("securityContext", "runAsUser");
            OptionalLong user = own.isPresent() ? own : shared.number("runAsUser");
            users.add(user.orElse(-1));
        }
        OptionalLong group = shared.number("fsGroup");
        boolean one = users.size() == 1 && !users.contains(-1L) && group.isEmpty();
        return new Owner(one ? OptionalLong.of(users.iterator().next()) : OptionalLong.empty(), group);
    }

    /** A sub-path of a volume, mounted so that no link in it leads out. @param index of the mount in its container */
    public Path subPath(Pod pod, String volume, Path folder, String container, int index, String path)
            throws VolumeException {
        if (path.startsWith("/") || List.of(path.split("/")).contains("..")) {
            throw new VolumeException(volume, "subPath \"" + path + "\" must be relative and without '..'");
        }
        Path target = places.pod(pod.uid()).resolve("volume-subpaths").resolve(volume).resolve(container)
                .resolve(Integer.toString(index));
        try {
            mounts.below(folder, path, target);
            return target;
        } catch (IOException e) {
            throw new VolumeException(volume, "failed to prepare subPath \"" + path + "\": " + e.getMessage());
        }
    }

    /** The claim was given for reading only. */
    boolean readOnly(Pod pod, String volume) {
        Persistent.Made made = claimed.get(pod.uid() + "/" + volume);
        return made != null && made.readOnly();
    }

    /** Block devices of a container: where each of its volumeDevices is on this node. @throws VolumeException a volume is none */
    public List<Device> devices(Pod pod, Obj container) throws VolumeException {
        List<Device> out = new ArrayList<>();
        for (Obj d : container.objects("volumeDevices")) {
            Persistent.Made made = claimed.get(pod.uid() + "/" + d.text("name"));
            if (made == null || !made.block()) {
                throw new VolumeException(d.text("name"), "volumeDevices needs a claim with volumeMode Block");
            }
            out.add(Device.newBuilder().setHostPath(made.path().toString()).setContainerPath(d.text("devicePath"))
                    .setPermissions(made.readOnly() ? "r" : "mrw").build());
        }
        return out;
    }

    private void forget(String uid) {
        claimed.keySet().removeIf(k -> k.startsWith(uid + "/"));
    }

    /** Takes away the volumes of a pod that is over; what tells how its containers ended stays. */
    public void unmount(String uid) throws IOException {
        follows.unfollow(uid);
        forget(uid);
        Path pod = places.pod(uid);
        for (String folder : List.of("volume-subpaths", "volumes")) {
            remove(uid, pod.resolve(folder));
        }
    }

    /** Unmounts what the pod had, and removes its files. Nothing where nothing is. */
    public void release(String uid) throws IOException {
        follows.unfollow(uid);
        forget(uid);
        remove(uid, places.pod(uid));
    }

    private void remove(String uid, Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        mounts.unmountAll(folder);
        if (mounts.any(folder)) {
            throw new IOException("volumes of pod " + uid + " stay: something below " + folder + " is mounted still");
        }
        AtomicFolder.delete(folder);
    }

    /** Ends the watches; volumes stay. */
    @Override
    public void close() {
        follows.close();
    }
}
