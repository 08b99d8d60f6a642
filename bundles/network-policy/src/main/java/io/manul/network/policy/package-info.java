/** Enforces networking.k8s.io/v1 NetworkPolicy on this node's pods. */
package io.manul.network.policy;
