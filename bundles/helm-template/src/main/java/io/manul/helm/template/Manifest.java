package io.manul.helm.template;

/** One object to apply: its YAML as rendered, and the template it came from ({@code chart/templates/x.yaml}). */
public record Manifest(String source, String kind, String apiVersion, String name, String content) {
}
