/** Node life cycle: heartbeats missed, taints, eviction, pod networks (Kubernetes, "Nodes", "Taints and Tolerations"). */
package io.manul.controllers.node;
