package io.manul.helm.chart;

import io.manul.json.Obj;
import java.util.List;

/**
 * A loaded chart.
 *
 * @param release the chart as a release keeps it (helm.sh/helm/v3 pkg/chart): metadata, lock, templates, values, schema, files
 * @param crds    contents of the files below {@code crds/}, of subcharts too
 * @param loaded  the renderer's own
 */
public record Chart(String name, String version, String appVersion, Obj release, List<String> crds, Object loaded) {
}
