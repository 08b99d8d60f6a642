/** This node in the API: registration, status, lease (Kubernetes, "Nodes"). */
package io.manul.kubelet.node;
