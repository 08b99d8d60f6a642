/** Volumes of a pod on this node (Kubernetes, "Volumes", "Projected Volumes"). */
package io.manul.kubelet.volume;
