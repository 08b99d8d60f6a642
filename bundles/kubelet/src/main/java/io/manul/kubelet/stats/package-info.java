/** What pods and the node use, read from control groups when somebody asks (Kubernetes, "Node metrics data"). */
package io.manul.kubelet.stats;
