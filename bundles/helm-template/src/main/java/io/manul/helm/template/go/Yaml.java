package io.manul.helm.template.go;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML as sigs.k8s.io/yaml reads it: through JSON, so keys are strings and every number is a float64; only the first document.
 * snakeyaml-engine parses, the meaning of plain scalars is go-yaml's ({@link YamlScalars}).
 */
public final class Yaml {

    private static final int MOST_DEPTH = 500;
    private static final int MOST_NODES = 2_000_000;
    private static final LoadSettings SETTINGS = LoadSettings.builder().setCodePointLimit(64 << 20).setMaxAliasesForCollections(1000)
            .setAllowDuplicateKeys(true).setAllowRecursiveKeys(false).build();

    private final Map<Node, Boolean> open = new java.util.IdentityHashMap<>();
    private int nodes;

    private Yaml() {
    }

    /** @throws GoError as {@code error converting YAML to JSON: yaml: line 3: ...} */
    public static Object parse(String text) {
        return parse(text, false);
    }

    private static Object parse(String text, boolean strict) {
        String ready = YamlText.ready(text);
        try {
            Node root = first(ready);
            return root == null ? null : new Yaml().value(root, 0);
        } catch (YamlEngineException e) {
            throw new GoError("error converting YAML to JSON: yaml: " + YamlErrors.why(text, e));
        }
    }

    private static Node first(String text) {
        java.util.Iterator<Node> documents = new Compose(SETTINGS).composeAllFromString(text).iterator();
        return documents.hasNext() ? documents.next() : null;
    }

    /** What a manifest or a values file must be. */
    public static Map<String, Object> map(String text) {
        Object value = parse(text);
        if (value == null) {
            return null;
        }
        if (value instanceof GoMap m) {
            return m;
        }
        throw new GoError("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " + json(value)
                + " into Go value of type map[string]interface {}");
    }

    public static List<Object> list(String text) {
        Object value = parse(text);
        if (value == null) {
            return null;
        }
        if (value instanceof List<?> l) {
            return new ArrayList<>(l);
        }
        throw new GoError("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " + json(value)
                + " into Go value of type []interface {}");
    }

    /** encoding/json's name of a value's kind. */
    public static String json(Object value) {
        return switch (value) {
            case String s -> "string";
            case Boolean b -> "bool";
            case Map<?, ?> m -> "object";
            case List<?> l -> "array";
            case null, default -> "number";
        };
    }

    private Object value(Node node, int depth) {
        if (depth > MOST_DEPTH || ++nodes > MOST_NODES) {
            throw new GoError("error converting YAML to JSON: yaml: document contains excessive aliasing");
        }
        return switch (node) {
            case ScalarNode s -> number(scalar(s));
            case SequenceNode s -> {
                enter(node);
                List<Object> out = new ArrayList<>(s.getValue().size());
                for (Node n : s.getValue()) {
                    out.add(value(n, depth + 1));
                }
                open.remove(node);
                yield out;
            }
            case MappingNode m -> {
                enter(node);
                GoMap out = new GoMap();
                fill(out, m, depth, false);
                open.remove(node);
                yield out;
            }
            default -> throw new GoError("error converting YAML to JSON: yaml: unknown alias");
        };
    }

    private void enter(Node node) {
        if (open.put(node, true) != null) {
            throw new GoError("error converting YAML to JSON: yaml: anchor '" + node.getAnchor().map(Object::toString).orElse("")
                    + "' value contains itself");
        }
    }

    private void fill(GoMap out, MappingNode m, int depth, boolean below) {
        for (NodeTuple t : m.getValue()) {
            if (isMerge(t.getKeyNode())) {
                merge(out, t.getValueNode(), depth, m);
            }
        }
        for (NodeTuple t : m.getValue()) {
            if (isMerge(t.getKeyNode())) {
                continue;
            }
            String key = key(t.getKeyNode());
            Object value = value(t.getValueNode(), depth + 1);
            if (below) {
                out.putIfAbsent(key, value);
            } else {
                out.put(key, value);
            }
        }
    }

    private void merge(GoMap out, Node from, int depth, MappingNode into) {
        switch (from) {
            case MappingNode m -> {
                GoMap other = new GoMap();
                fill(other, m, depth + 1, false);
                other.forEach(out::putIfAbsent);
            }
            case SequenceNode s -> {
                for (Node n : s.getValue()) {
                    if (!(n instanceof MappingNode)) {
                        throw new GoError("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value");
                    }
                    merge(out, n, depth, into);
                }
            }
            default -> throw new GoError("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value");
        }
    }

    private static boolean isMerge(Node key) {
        return key instanceof ScalarNode s && s.getScalarStyle() == ScalarStyle.PLAIN && s.getValue().equals("<<");
    }

    private static String key(Node node) {
        if (!(node instanceof ScalarNode s)) {
            throw new GoError("error converting YAML to JSON: yaml: invalid map key: " + Sharp.v(new HashMap<>()));
        }
        Object value = scalar(s);
        return switch (value) {
            case null -> throw new GoError("error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: "
                    + "<nil>");
            case Double d -> Floats.format((float) (double) d, 'g', -1);
            default -> value.toString();
        };
    }

    private static Object scalar(ScalarNode s) {
        String tag = s.getTag().getValue();
        String text = YamlText.restored(s.getValue());
        if (s.getScalarStyle() == ScalarStyle.PLAIN && !tag.equals("!")) {
            return explicit(s, tag) && tag.equals("tag:yaml.org,2002:str") ? text : YamlScalars.resolve(text);
        }
        return switch (tag) {
            case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null" -> YamlScalars.resolve(text);
            case "tag:yaml.org,2002:binary" -> Text.of(java.util.Base64.getMimeDecoder().decode(text));
            default -> text;
        };
    }

    private static boolean explicit(ScalarNode s, String tag) {
        // the composer resolves plain scalars by YAML 1.2; only a tag that it would not have chosen was written there
        return tag.equals("tag:yaml.org,2002:str") && s.getStartMark().isPresent() && YamlText.tagged(s.getStartMark().get());
    }

    private static Object number(Object value) {
        return switch (value) {
            case Long l -> (double) l;
            case UInt u -> new java.math.BigInteger(u.toString()).doubleValue();
            case Double d when d.isNaN() || d.isInfinite() -> throw new GoError("error converting YAML to JSON: json: unsupported value: "
                    + Floats.format(d, 'g', -1));
            case null -> null;
            default -> value;
        };
    }

    /** Tells marked errors from others for {@link YamlErrors}. */
    static boolean marked(YamlEngineException e) {
        return e instanceof MarkedYamlEngineException;
    }
}
