package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.storage.ClaimRules;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validation of volumes (core/v1 Volume): one source each, with what it needs. */
final class VolumeRules {

    private static final Set<String> HOST_PATH_TYPES = Set.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File",
            "Socket", "CharDevice", "BlockDevice");

    private VolumeRules() {
    }

    /** @return volumes by name */
    static Map<String, Obj> check(List<Obj> volumes, String path, FieldErrors e) {
        Map<String, Obj> byName = new LinkedHashMap<>();
        for (int i = 0; i < volumes.size(); i++) {
            Obj v = volumes.get(i);
            String at = path + "[" + i + "]";
            String name = v.text("name");
            if (name.isEmpty()) {
                e.required(at + ".name", "");
            } else {
                Texts.label(name, at + ".name", e);
                if (byName.put(name, v) != null) {
                    e.duplicate(at + ".name", name);
                }
            }
            long sources = v.map().entrySet().stream().filter(x -> !x.getKey().equals("name") && x.getValue() != null).count();
            if (sources == 0) {
                e.required(at, "must specify a volume type");
            } else if (sources > 1) {
                e.forbidden(at, "may not specify more than 1 volume type");
            }
            source(v, at, e);
        }
        return byName;
    }

    private static void source(Obj v, String at, FieldErrors e) {
        v.object("secret").ifPresent(s -> {
            need(s, "secretName", at + ".secret", e);
            items(s, at + ".secret", e);
        });
        v.object("configMap").ifPresent(s -> {
            need(s, "name", at + ".configMap", e);
            items(s, at + ".configMap", e);
        });
        v.object("hostPath").ifPresent(h -> {
            need(h, "path", at + ".hostPath", e);
            if (List.of(h.text("path").split("/")).contains("..")) {
                e.invalid(at + ".hostPath.path", h.text("path"), "must not contain '..'");
            }
            Texts.oneOf(h.text("type"), at + ".hostPath.type", HOST_PATH_TYPES, e);
        });
        v.object("emptyDir").filter(d -> d.has("sizeLimit")).ifPresent(d -> {
            if (Quantity.units(d.get("sizeLimit")) < 0) {
                e.forbidden(at + ".emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity");
            }
        });
        v.object("persistentVolumeClaim").ifPresent(c -> need(c, "claimName", at + ".persistentVolumeClaim", e));
        if (v.has("ephemeral")) {
            String template = at + ".ephemeral.volumeClaimTemplate";
            v.object("ephemeral", "volumeClaimTemplate").ifPresentOrElse(t -> ClaimRules.spec(t.at("spec"), template + ".spec", e),
                    () -> e.required(template, ""));
        }
        v.object("projected").ifPresent(p -> projected(p, at + ".projected", e));
        v.object("nfs").ifPresent(n -> {
            need(n, "server", at + ".nfs", e);
            need(n, "path", at + ".nfs", e);
        });
        v.object("csi").ifPresent(c -> need(c, "driver", at + ".csi", e));
    }

    private static void projected(Obj p, String at, FieldErrors e) {
        mode(p, "defaultMode", at, e);
        List<Obj> sources = p.objects("sources");
        for (int i = 0; i < sources.size(); i++) {
            String s = at + ".sources[" + i + "]";
            Obj source = sources.get(i);
            source.object("secret").ifPresent(x -> {
                need(x, "name", s + ".secret", e);
                items(x, s + ".secret", e);
            });
            source.object("configMap").ifPresent(x -> {
                need(x, "name", s + ".configMap", e);
                items(x, s + ".configMap", e);
            });
            source.object("serviceAccountToken").ifPresent(t -> {
                need(t, "path", s + ".serviceAccountToken", e);
                long seconds = t.number("expirationSeconds").orElse(3600);
                if (seconds < 600) {
                    e.invalid(s + ".serviceAccountToken.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
                }
                if (seconds > 1L << 32) {
                    e.invalid(s + ".serviceAccountToken.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
                }
            });
        }
    }

    private static void items(Obj source, String at, FieldErrors e) {
        mode(source, "defaultMode", at, e);
        List<Obj> items = source.objects("items");
        for (int i = 0; i < items.size(); i++) {
            String item = at + ".items[" + i + "]";
            need(items.get(i), "key", item, e);
            need(items.get(i), "path", item, e);
            mode(items.get(i), "mode", item, e);
            relative(items.get(i).text("path"), item + ".path", e);
        }
    }

    static void relative(String path, String at, FieldErrors e) {
        if (path.startsWith("/")) {
            e.invalid(at, path, "must be a relative path");
        }
        if (List.of(path.split("/")).contains("..")) {
            e.invalid(at, path, "must not contain '..'");
        }
    }

    private static void mode(Obj o, String key, String at, FieldErrors e) {
        o.number(key).ifPresent(m -> {
            if (m < 0 || m > 0777) {
                e.invalid(at + "." + key, m, "must be a number between 0 and 0777 (octal), both inclusive");
            }
        });
    }

    private static void need(Obj o, String key, String at, FieldErrors e) {
        if (o.text(key).isEmpty()) {
            e.required(at + "." + key, "");
        }
    }
}
