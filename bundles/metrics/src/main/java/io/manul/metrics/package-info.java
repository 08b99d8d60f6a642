/** Serves metrics.k8s.io from what the kubelets measure (Kubernetes, "Resource metrics pipeline"). */
package io.manul.metrics;
