package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.pod.PodSpecRules;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Validation of a PersistentVolume (API reference, PersistentVolumeSpec). */
final class VolumeRules {

    private static final Set<String> POLICIES = Set.of("Delete", "Recycle", "Retain");
    private static final Set<String> HOST_PATH_TYPES = Set.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File",
            "Socket", "CharDevice", "BlockDevice");
    /** In the order in which upstream looks at them. */
    private static final List<String> SOURCES = List.of("hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs",
            "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
            "azureDisk", "scaleIO", "local", "storageos", "csi");

    private VolumeRules() {
    }

    static void check(Obj volume, FieldErrors e) {
        spec(volume.at("spec"), "spec", e);
    }

    private static void spec(Obj spec, String path, FieldErrors e) {
        if (spec.strings("accessModes").isEmpty()) {
            e.required(path + ".accessModes", "");
        }
        StorageTexts.accessModes(spec, path, e);
        capacity(spec, path, e);
        Texts.oneOf(spec.text("persistentVolumeReclaimPolicy"), path + ".persistentVolumeReclaimPolicy", POLICIES, e);
        if (spec.has("nodeAffinity")) {
            if (spec.has("nodeAffinity", "required")) {
                PodSpecRules.nodeSelector(spec.at("nodeAffinity", "required"), path + ".nodeAffinity.required", e);
            } else {
                e.required(path + ".nodeAffinity.required", "must specify required node constraints");
            }
        }
        source(spec, path, e);
        StorageTexts.className(spec, "storageClassName", path, e);
        StorageTexts.volumeMode(spec, path, e);
        attributes(spec, path, e);
    }

    private static void capacity(Obj spec, String path, FieldErrors e) {
        Map<String, Object> capacity = spec.at("capacity").map();
        if (capacity.isEmpty()) {
            e.required(path + ".capacity", "");
        }
        if (!capacity.containsKey("storage") || capacity.size() > 1) {
            e.notSupported(path + ".capacity", spec.get("capacity"), List.of("storage"));
        }
        capacity.forEach((resource, quantity) -> StorageTexts.positive(quantity, path + ".capacity[" + resource + "]", e));
    }

    private static void source(Obj spec, String path, FieldErrors e) {
        List<String> given = SOURCES.stream().filter(s -> spec.has(s)).toList();
        if (given.isEmpty()) {
            e.required(path, "must specify a volume type");
        }
        given.stream().skip(1).forEach(s -> e.forbidden(path + "." + s, "may not specify more than 1 volume type"));
        spec.object("hostPath").ifPresent(h -> hostPath(h, path + ".hostPath", e));
        spec.object("local").ifPresent(l -> {
            need(l, "path", path + ".local", e);
            backsteps(l.text("path"), path + ".local.path", e);
            if (!spec.has("nodeAffinity")) {
                e.required(path + ".nodeAffinity", "Local volume requires node affinity");
            }
        });
        spec.object("nfs").ifPresent(n -> {
            need(n, "server", path + ".nfs", e);
            need(n, "path", path + ".nfs", e);
            if (!n.text("path").isEmpty() && !n.text("path").startsWith("/")) {
                e.invalid(path + ".nfs.path", n.text("path"), "must be an absolute path");
            }
        });
        spec.object("csi").ifPresent(c -> {
            StorageTexts.driver(c.text("driver"), path + ".csi.driver", e);
            need(c, "volumeHandle", path + ".csi", e);
        });
        if (spec.text("hostPath", "path").matches("/+(\\.?/*)*") && spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
            e.forbidden(path + ".persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void hostPath(Obj h, String path, FieldErrors e) {
        need(h, "path", path, e);
        backsteps(h.text("path"), path + ".path", e);
        Texts.oneOf(h.text("type"), path + ".type", HOST_PATH_TYPES, e);
    }

    private static void backsteps(String value, String path, FieldErrors e) {
        if (List.of(value.split("/")).contains("..")) {
            e.invalid(path, value, "must not contain '..'");
        }
    }

    private static void need(Obj o, String key, String path, FieldErrors e) {
        if (o.text(key).isEmpty()) {
            e.required(path + "." + key, "");
        }
    }

    private static void attributes(Obj spec, String path, FieldErrors e) {
        if (!spec.has("volumeAttributesClassName")) {
            return;
        }
        if (spec.text("volumeAttributesClassName").isEmpty()) {
            e.required(path + ".volumeAttributesClassName", "an empty string is disallowed");
        }
        StorageTexts.className(spec, "volumeAttributesClassName", path, e);
        if (!spec.has("csi")) {
            e.required(path + ".csi", "has to be specified when using volumeAttributesClassName");
        }
    }

    static void change(Obj volume, Obj old, FieldErrors e) {
        Map<String, Object> now = sources(volume);
        Map<String, Object> before = sources(old);
        if (!now.equals(before)) {
            e.forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation\n" + difference(before, now));
        }
        StorageTexts.immutable(volume, old, "volumeMode", e, "spec", "volumeMode");
        if (old.has("spec", "nodeAffinity") && !StorageTexts.same(volume, old, "spec", "nodeAffinity")) {
            e.immutable("nodeAffinity", volume.get("spec", "nodeAffinity"));
        }
        if (old.has("spec", "volumeAttributesClassName") && !volume.has("spec", "volumeAttributesClassName")) {
            e.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }
    }

    /** A secret for expansion may be added to a CSI volume. */
    private static Map<String, Object> sources(Obj volume) {
        Map<String, Object> out = new TreeMap<>();
        for (String s : SOURCES) {
            if (volume.has("spec", s)) {
                out.put(s, volume.get("spec", s));
            }
        }
        return out;
    }

    /** What goes and what comes, a line each. */
    static String difference(Map<String, Object> before, Map<String, Object> now) {
        List<String> lines = new ArrayList<>();
        Map<String, Object> all = new TreeMap<>(before);
        all.putAll(now);
        for (String key : all.keySet()) {
            Object was = before.get(key);
            Object is = now.get(key);
            if (!java.util.Objects.equals(was, is)) {
                if (was != null) {
                    lines.add("- " + key + ": " + Json.text(was));
                }
                if (is != null) {
                    lines.add("+ " + key + ": " + Json.text(is));
                }
            }
        }
        return String.join("\n", lines);
    }
}
