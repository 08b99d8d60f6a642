package io.manul.schema;

import java.util.List;
import java.util.Set;

/**
 * One field of a {@link Type}. Terms: Kubernetes "API concepts" and "Server-side apply", the x-kubernetes extensions.
 *
 * @param required the field must be there
 * @param defaultValue what OpenAPI v3 states, as a JSON value; null where it states none. The empty values ({@code ""},
 *     {@code 0}, {@code false}, {@code {}}) only say that the field is not a pointer in upstream's types: see
 *     {@link #defaults}. More defaults than these are functions of a kind, not data.
 * @param enums the values that are taken, of a list its items'; empty where any is. Empty text is not among them: upstream
 *     treats it as absent
 * @param patchStrategy of the strategic merge patch: merge, retainKeys, or none
 * @param patchMergeKey empty where there is none
 * @param listMapKeys the keys of a {@link ListType#MAP}
 * @param mapType x-kubernetes-map-type: atomic (owned and replaced as one), granular, or empty, which means granular
 */
public record Field(String name, Shape shape, boolean required, Object defaultValue, List<String> enums,
        Set<String> patchStrategy, String patchMergeKey, ListType listType, List<String> listMapKeys, String mapType) {

    /** How the parts of a list are owned and merged; NONE is treated as ATOMIC. */
    public enum ListType { NONE, ATOMIC, SET, MAP }

    public Field {
        enums = List.copyOf(enums);
        patchStrategy = Set.copyOf(patchStrategy);
        listMapKeys = List.copyOf(listMapKeys);
    }

    /** True when a missing field is filled in with a value other than the empty one. */
    public boolean defaults() {
        return switch (defaultValue) {
            case null -> false;
            case String s -> !s.isEmpty();
            case Long n -> n != 0;
            case Boolean b -> b;
            default -> false;
        };
    }
}
