package io.manul.network.dns.config;

import io.manul.network.dns.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All server blocks: the built-in one for everything, with the overrides, and those of their own. */
public record Config(List<Block> blocks, Block initial, List<Problem> problems) {

    private static final int MOST_CHARACTERS = 1 << 20;

    /** @param custom data of ConfigMap coredns-custom */
    public static Config of(Map<String, String> custom) {
        List<Problem> problems = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        BlockReader initial = new BlockReader(List.of(Name.ROOT), problems);
        initial.cache(30, 30);
        initial.errors();
        custom.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
            if (e.getValue().length() > MOST_CHARACTERS) {
                problems.add(new Problem(e.getKey(), 1, "", "is longer than 1 MiB and is left out"));
            } else if (e.getKey().endsWith(".override")) {
                Syntax.read(e.getKey(), e.getValue(), problems).forEach(d -> initial.take(e.getKey(), d));
            } else if (e.getKey().endsWith(".server")) {
                Syntax.read(e.getKey(), e.getValue(), problems).forEach(d -> server(e.getKey(), d, problems, blocks));
            }
        });
        initial.forwardRest();
        return new Config(List.copyOf(blocks), initial.block(), List.copyOf(problems));
    }

    private static void server(String key, Directive d, List<Problem> problems, List<Block> blocks) {
        List<Name> zones = new ArrayList<>();
        for (String word : d.words()) {
            for (String label : word.split(",")) {
                zone(key, d, label, problems, zones);
            }
        }
        if (zones.isEmpty()) {
            return;
        }
        BlockReader reader = new BlockReader(zones, problems);
        d.inner().forEach(i -> reader.take(key, i));
        blocks.add(reader.block());
    }

    private static void zone(String key, Directive d, String label, List<Problem> problems, List<Name> zones) {
        String text = label.startsWith("dns://") ? label.substring(6) : label;
        if (text.isEmpty()) {
            return;
        }
        if (text.contains("://")) {
            problems.add(new Problem(key, d.line(), label, "is not served: only plain DNS is"));
            return;
        }
        int colon = text.lastIndexOf(':');
        String port = colon < 0 ? "53" : text.substring(colon + 1);
        if (!port.equals("53")) {
            problems.add(new Problem(key, d.line(), label, "is not served: only port 53 is"));
            return;
        }
        try {
            if (text.contains("{") || text.contains("}")) {
                throw new IllegalArgumentException("a brace that no space sets apart");
            }
            zones.add(Name.of(colon < 0 ? text : text.substring(0, colon)));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(key, d.line(), label, "is no zone"));
        }
    }

    /** The block with the longest zone that holds the name. */
    public Block block(Name name) {
        Block best = initial;
        int length = -1;
        for (Block b : blocks) {
            for (Name z : b.zones()) {
                if (name.in(z) && z.labels().size() > length) {
                    best = b;
                    length = z.labels().size();
                }
            }
        }
        return best;
    }
}
