package io.manul.helm.template.go;

import java.util.Map;
import java.util.TreeMap;

/** A map with string keys, in the order in which Go prints and ranges. Any other {@link Map} is {@code map[string]interface {}}. */
public class GoMap extends TreeMap<String, Object> {

    private static final long serialVersionUID = 1;
    public static final String PLAIN = "map[string]interface {}";
    public static final String STRINGS = "map[string]string";
    public static final String VALUES = "chartutil.Values";

    private final String type;

    public GoMap() {
        this(PLAIN);
    }

    public GoMap(String type) {
        this.type = type;
    }

    public GoMap(Map<?, ?> from) {
        this(PLAIN);
        from.forEach((k, v) -> put((String) k, v));
    }

    public String type() {
        return type;
    }

    /** The method of the map's type, or null. */
    public Func method(String name) {
        if (!type.equals(VALUES)) {
            return null;
        }
        return switch (name) {
            case "YAML" -> Func.of(name, "", a -> YamlOut.marshal(this));
            case "AsMap" -> Func.of(name, "", a -> new GoMap(this));
            default -> null;
        };
    }

    /** The map in Go's order of keys. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> sorted(Map<?, ?> map) {
        return map instanceof TreeMap<?, ?> t ? (Map<String, Object>) t : new GoMap(map);
    }
}
