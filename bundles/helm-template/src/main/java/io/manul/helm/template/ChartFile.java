package io.manul.helm.template;

/** A file of a chart, named from the chart's root ({@code templates/service.yaml}). */
public record ChartFile(String name, byte[] data) {
}
