package io.manul.kubelet.volume;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import io.manul.kubelet.container.ConfigException;
import io.manul.kubelet.container.Downward;
import io.manul.kubelet.container.References;
import io.manul.kubelet.volume.AtomicFolder.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of configMap, secret, downwardAPI and projected volumes. */
final class Payloads {

    private static final int USUAL_MODE = 0644;

    private final References references;
    private final Tokens tokens;

    Payloads(References references, Tokens tokens) {
        this.references = references;
        this.tokens = tokens;
    }

    /** @param folder of the volume, for the token that is in it */
    Map<String, Entry> of(String volume, String kind, Obj source, Downward downward, Path folder, Owner owner)
            throws VolumeException, InterruptedException {
        Map<String, Entry> out = new TreeMap<>();
        int mode = (int) source.number("defaultMode").orElse(USUAL_MODE);
        try {
            if (kind.equals("projected")) {
                for (Obj part : source.objects("sources")) {
                    String of = part.map().keySet().stream().findFirst().orElse("");
                    one(out, of, part.at(of), downward, folder, mode, owner);
                }
            } else {
                one(out, kind, source, downward, folder, mode, owner);
            }
            return out;
        } catch (ConfigException | ClusterException | IOException e) {
            throw new VolumeException(volume, e.getMessage());
        }
    }

    private void one(Map<String, Entry> out, String kind, Obj source, Downward downward, Path folder, int mode, Owner owner)
            throws ConfigException, ClusterException, IOException, InterruptedException {
        String namespace = downward.pod().namespace();
        switch (kind) {
            case "configMap" -> {
                Optional<Obj> found = references.configMap(namespace, source.text("name"));
                keys(out, found.map(References::ofConfigMap), source, source.text("name"), "configmap", mode);
            }
            case "secret" -> {
                String name = source.string("secretName").orElse(source.text("name"));
                Optional<Obj> found = references.secret(namespace, name);
                keys(out, found.map(References::ofSecret), source, name, "secret", mode);
            }
            case "downwardAPI" -> {
                for (Obj item : source.objects("items")) {
                    String value = item.has("resourceFieldRef") ? downward.resource(item.at("resourceFieldRef"), "")
                            : downward.field(item.text("fieldRef", "fieldPath"));
                    out.put(item.text("path"), new Entry(value.getBytes(StandardCharsets.UTF_8), (int) item.number("mode").orElse(mode)));
                }
            }
            case "serviceAccountToken" -> {
                String path = source.text("path");
                boolean few = owner.user().isPresent() || owner.group().isPresent();
                out.put(path, new Entry(tokens.token(downward.pod(), source, folder.resolve("..data").resolve(path)), few ? 0600 : mode));
            }
            default -> throw new ConfigException("projected source \"" + kind + "\" is not supported by this kubelet");
        }
    }

    private static void keys(Map<String, Entry> out, Optional<Map<String, byte[]>> found, Obj source, String name, String what, int mode)
            throws ConfigException {
        if (found.isEmpty()) {
            if (source.flag("optional")) {
                return;
            }
            throw new ConfigException(what + " \"" + name + "\" not found");
        }
        List<Obj> items = source.objects("items");
        if (items.isEmpty()) {
            found.get().forEach((k, v) -> out.put(k, new Entry(v, mode)));
        }
        for (Obj item : items) {
            byte[] content = found.get().get(item.text("key"));
            if (content != null) {
                out.put(item.text("path"), new Entry(content, (int) item.number("mode").orElse(mode)));
            } else if (!source.flag("optional")) {
                throw new ConfigException(what + " references non-existent config key: " + item.text("key"));
            }
        }
    }
}
