package io.manul.storage.local;

import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code config.json} of the ConfigMap local-path-config (local-path-provisioner, README, "Configuration"): where volumes lie on
 * which node. A text that cannot be read leaves the one before in force. One reader at a time.
 */
final class Configuration {

    static final String OTHERS = "DEFAULT_PATH_FOR_NON_LISTED_NODES";
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

    private final Informer configMap;
    private String read = "";
    private Obj last = Obj.of();

    Configuration(Informer configMap) {
        this.configMap = configMap;
    }

    /** What holds for volumes of a class. */
    record Place(Obj of) {

        /** One file system that every node has: a volume is bound to no node. */
        Optional<String> shared() {
            return of.string("sharedFileSystemPath").filter(p -> !p.isEmpty());
        }

        /** The folder on that node. @param asked parameter nodePath of the class; empty: any */
        String path(String node, String asked) throws Refused {
            Optional<String> shared = shared();
            if (shared.isPresent()) {
                return absolute(shared.get());
            }
            List<String> paths = of.objects("nodePathMap").stream().filter(m -> m.text("node").equals(node)).findFirst()
                    .or(() -> of.objects("nodePathMap").stream().filter(m -> m.text("node").equals(OTHERS)).findFirst())
                    .orElseThrow(() -> new Refused("config doesn't contain node " + node + ", and no " + OTHERS + " available"))
                    .strings("paths");
            if (paths.isEmpty()) {
                throw new Refused("no local path available on node " + node);
            }
            if (!asked.isEmpty()) {
                if (!paths.contains(asked)) {
                    throw new Refused("config doesn't contain path " + asked + " on node " + node);
                }
                return absolute(asked);
            }
            return absolute(paths.get(ThreadLocalRandom.current().nextInt(paths.size())));
        }

        private static String absolute(String path) throws Refused {
            Path p = Path.of(path);
            if (!p.isAbsolute() || !p.normalize().equals(p) || p.getNameCount() == 0) {
                throw new Refused("path \"" + path + "\" in config.json must be absolute, without \"..\", and not \"/\"");
            }
            return path;
        }
    }

    Place of(String storageClass) throws Refused {
        Obj all = current();
        if (!all.has("storageClassConfigs")) {
            return new Place(all);
        }
        return new Place(all.object("storageClassConfigs", storageClass)
                .orElseThrow(() -> new Refused("config doesn't contain storage class " + storageClass)));
    }

    private Obj current() throws Refused {
        String text = configMap.get(new Key(Packaged.NAMESPACE, Packaged.CONFIG)).map(c -> c.text("data", "config.json")).orElse("");
        if (!text.equals(read)) {
            read = text;
            try {
                last = check(Obj.parse(text));
            } catch (JsonException | Refused e) {
                LOG.warn("Configuration is not readable; the one before holds configMap={}/{} why={}", Packaged.NAMESPACE, Packaged.CONFIG,
                        e.getMessage());
            }
        }
        if (last.isEmpty()) {
            throw new Refused("ConfigMap " + Packaged.NAMESPACE + "/" + Packaged.CONFIG + " has no readable config.json");
        }
        return last;
    }

    private static Obj check(Obj config) throws Refused {
        boolean classes = config.has("storageClassConfigs");
        boolean flat = config.has("nodePathMap") || config.has("sharedFileSystemPath");
        if (classes && flat) {
            throw new Refused("storageClassConfigs and nodePathMap or sharedFileSystemPath cannot be given together");
        }
        if (!classes && config.has("nodePathMap") == config.has("sharedFileSystemPath")) {
            throw new Refused("exactly one of nodePathMap and sharedFileSystemPath must be given");
        }
        return config;
    }
}
