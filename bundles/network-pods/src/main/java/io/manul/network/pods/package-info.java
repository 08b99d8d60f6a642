/** Carries packets between the pods of all nodes (Kubernetes, "Cluster Networking"; CNI 1.0). */
package io.manul.network.pods;
