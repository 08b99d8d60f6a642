/** The life of a pod on this node: one worker each, levels not edges (Kubernetes, "Pod Lifecycle"). */
package io.manul.kubelet.pod;
