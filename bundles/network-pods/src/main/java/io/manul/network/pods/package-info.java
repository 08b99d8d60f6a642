/** The pod network between nodes (Kubernetes, "Cluster Networking"; CNI 1.0.0), as flannel announces and wires it. */
package io.manul.network.pods;
