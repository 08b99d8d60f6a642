package io.manul.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The configuration file and its drop-ins in alphabetical order (K3S.md 1.2): keys are flag names; the last value wins; a
 * key that ends in {@code +} appends.
 */
final class ConfigFile {

    private static final long MOST_BYTES = 1 << 20;

    private final FlagSet known;
    private final Consumer<String> warn;

    ConfigFile(FlagSet known, Consumer<String> warn) {
        this.known = known;
        this.warn = warn;
    }

    Map<String, List<String>> read(Path file, boolean mustExist) throws UsageException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (Files.exists(file)) {
            readOne(file, values);
        } else if (mustExist) {
            throw new UsageException("configuration file " + file + " does not exist");
        }
        Path folder = file.resolveSibling(file.getFileName() + ".d");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path f : all.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
                    readOne(f, values);
                }
            } catch (IOException e) {
                throw new UsageException("configuration folder " + folder + " cannot be read: " + e.getMessage());
            }
        }
        return values;
    }

    private void readOne(Path file, Map<String, List<String>> values) throws UsageException {
        Object root;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new UsageException("configuration file " + file + " is larger than 1 MiB");
            }
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new UsageException("configuration file " + file + " cannot be read: " + e.getMessage());
        } catch (YamlEngineException e) {
            throw new UsageException("configuration file " + file + " is not YAML: " + e.getMessage().replace('\n', ' ').strip());
        }
        if (root == null) {
            return;
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new UsageException("configuration file " + file + " must be a map of flag names to values");
        }
        for (Map.Entry<?, ?> e : map.entrySet()) {
            set(file, String.valueOf(e.getKey()), e.getValue(), values);
        }
    }

    private void set(Path file, String key, Object value, Map<String, List<String>> values) throws UsageException {
        boolean append = key.endsWith("+");
        String name = append ? key.substring(0, key.length() - 1) : key;
        if (known.withoutMeaning().containsKey(name)) {
            warn.accept(file + ": " + name + " has no meaning here: " + known.withoutMeaning().get(name));
            return;
        }
        Flag flag = known.find(name).orElse(null);
        if (flag == null && known.elsewhere(name)) {
            warn.accept(file + ": " + name + " is no flag of `" + known.command() + "`, skipping");
            return;
        }
        if (flag == null) {
            throw new UsageException(file + ": " + ServerFlags.unknown(known, name, name).getMessage());
        }
        if (value instanceof Map) {
            throw new UsageException(file + ": " + name + " must be a value or a list, not a map");
        }
        if (!append) {
            values.put(flag.name(), new ArrayList<>());
        }
        for (Object item : value instanceof List<?> l ? l : List.of(value == null ? "" : value)) {
            ServerFlags.add(values, flag, String.valueOf(item));
        }
    }
}
