package io.manul.helm.template;

import java.util.List;

/**
 * A rendered chart.
 *
 * @param hooks in the order of their kinds (weights are the caller's business, as upstream)
 * @param manifests in install order
 * @param notes what NOTES.txt of the chart itself says; empty without one
 */
public record Rendered(List<Hook> hooks, List<Manifest> manifests, String notes) {

    /** All manifests as one text, as a release stores it: {@code ---}, {@code # Source: ...}, the object. */
    public String manifest() {
        StringBuilder text = new StringBuilder();
        for (Manifest m : manifests) {
            text.append("---\n# Source: ").append(m.source()).append('\n').append(m.content()).append('\n');
        }
        return text.toString();
    }
}
