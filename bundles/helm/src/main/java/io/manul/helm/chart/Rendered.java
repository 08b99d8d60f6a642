package io.manul.helm.chart;

import java.util.List;

/**
 * What a chart gives.
 *
 * @param manifest all documents that are no hooks, in install order, each with its {@code # Source:} line
 */
public record Rendered(String manifest, List<Hook> hooks, String notes) {

    /** @param events pre-install, post-install, ... @param policies before-hook-creation, hook-succeeded, hook-failed */
    public record Hook(String name, String kind, String path, String manifest, List<String> events, int weight, List<String> policies) {
    }
}
