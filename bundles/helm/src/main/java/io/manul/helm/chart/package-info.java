/** What the room needs of a chart: loading, and rendering into hooks and manifests. */
package io.manul.helm.chart;
