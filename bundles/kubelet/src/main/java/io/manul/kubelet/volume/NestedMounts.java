package io.manul.kubelet.volume;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Folders that other mounts of the same container need inside a volume that is written by the kubelet and read-only to the
 * container: the runtime could not make them there (kubernetes/kubernetes, pkg/volume/util, nested mountpoints).
 */
final class NestedMounts {

    private NestedMounts() {
    }

    /** @return relative paths, the outermost only; none that leads out */
    static Set<String> in(Pod pod, String volume) {
        Set<String> found = new TreeSet<>();
        for (Obj container : pod.allContainers()) {
            List<Obj> mounts = container.objects("volumeMounts");
            for (Obj outer : mounts) {
                if (outer.text("name").equals(volume) && outer.text("subPath").isEmpty() && outer.text("subPathExpr").isEmpty()) {
                    Path at = Path.of("/", outer.text("mountPath")).normalize();
                    mounts.stream().map(m -> Path.of("/", m.text("mountPath")).normalize()).filter(p -> p.startsWith(at) && !p.equals(at))
                            .forEach(p -> found.add(at.relativize(p).toString()));
                }
            }
        }
        found.removeIf(p -> found.stream().anyMatch(o -> !o.equals(p) && Path.of(p).startsWith(o)));
        return found;
    }

    /** Makes them where nothing is. A path through a file of the volume is left alone: the runtime says what is wrong with it. */
    static void make(Path folder, Set<String> paths) throws IOException {
        for (String path : paths) {
            Path target = folder.resolve(path);
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !throughALink(folder, target)) {
                Files.createDirectories(target);
            }
        }
    }

    private static boolean throughALink(Path folder, Path target) {
        for (Path p = target.getParent(); p != null && !p.equals(folder); p = p.getParent()) {
            if (Files.isSymbolicLink(p)) {
                return true;
            }
        }
        return false;
    }
}
