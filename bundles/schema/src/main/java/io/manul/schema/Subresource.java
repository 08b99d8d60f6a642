package io.manul.schema;

import java.util.List;

/**
 * A sub-resource ({@code status}, {@code scale}, {@code log}).
 *
 * @param group of its kind where that differs from the resource's (Scale is autoscaling's); otherwise the resource's
 * @param version likewise
 */
public record Subresource(String name, String group, String version, String kind, List<String> verbs) {
    public Subresource {
        verbs = List.copyOf(verbs);
    }

    public GroupVersionKind groupVersionKind() {
        return new GroupVersionKind(group, version, kind);
    }
}
