/** Startup, liveness and readiness probes (Kubernetes, "Liveness, Readiness, and Startup Probes"). */
package io.manul.kubelet.probe;
