package io.manul.kubelet.volume;

import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** PersistentVolumes of this node's pods: hostPath and local ones. What was given to a pod is remembered by a folder of its own. */
final class Persistent {

    private static final int TYPE = 0170000;
    private static final int BLOCK = 0060000;

    private final Places places;
    private final Claims claims;

    Persistent(Places places, Claims claims) {
        this.places = places;
        this.claims = claims;
    }

    /** @param path of the volume on this node @param block a device, for volumeDevices */
    record Made(Path path, boolean readOnly, boolean block) {
    }

    Made make(Pod pod, Obj volume) throws VolumeException, InterruptedException {
        String name = volume.text("name");
        Claims.Bound bound = claims.of(pod, volume);
        Obj spec = bound.volume().at("spec");
        Path path = spec.has("local") ? local(name, spec.at("local"), bound.block())
                : spec.has("hostPath") ? HostPaths.check(name, spec.at("hostPath")) : unknown(name, bound);
        if (bound.block() && !device(path)) {
            throw new VolumeException(name, "PersistentVolume \"" + bound.name() + "\" has volumeMode Block, but " + path + " is no block device");
        }
        if (spec.has("local") && !bound.block()) {
            own(pod, bound, path);
        }
        return new Made(path, bound.readOnly(), bound.block());
    }

    private static Path local(String name, Obj local, boolean block) throws VolumeException {
        Path path = Path.of(local.text("path"));
        if (!path.isAbsolute() || !Files.exists(path)) {
            throw new VolumeException(name, "path \"" + path + "\" does not exist");
        }
        if (!block && !Files.isDirectory(path)) {
            throw new VolumeException(name, "local volume " + path + " is no folder: block devices are not formatted and mounted by this kubelet;"
                    + " mount it and give the folder, or use volumeMode Block");
        }
        return path;
    }

    private static Path unknown(String name, Claims.Bound bound) throws VolumeException {
        String kind = bound.volume().at("spec").map().keySet().stream().filter(k -> bound.volume().get("spec", k) instanceof java.util.Map<?, ?>)
                .filter(k -> !k.equals("capacity") && !k.equals("claimRef") && !k.equals("nodeAffinity")).findFirst().orElse("unknown");
        throw new VolumeException(name, "PersistentVolume \"" + bound.name() + "\" is of type " + kind
                + ", which this kubelet does not mount: hostPath and local are");
    }

    private static boolean device(Path path) throws VolumeException {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & TYPE) == BLOCK;
        } catch (IOException e) {
            throw new VolumeException(path.toString(), e.toString());
        }
    }

    /** Once a pod, before its first container. */
    private void own(Pod pod, Claims.Bound bound, Path path) throws VolumeException {
        Path done = places.pod(pod.uid()).resolve("volumes/kubernetes.io~local-volume").resolve(bound.name());
        OptionalLong group = pod.spec().number("securityContext", "fsGroup");
        if (Files.isDirectory(done)) {
            return;
        }
        try {
            if (group.isPresent()) {
                Ownership.give(path, group.getAsLong(), bound.readOnly(),
                        pod.spec().text("securityContext", "fsGroupChangePolicy").equals("OnRootMismatch"));
            }
            Files.createDirectories(done);
        } catch (IOException e) {
            throw new VolumeException(bound.name(), "applyFSGroup failed for vol " + bound.name() + ": " + e);
        }
    }
}
