/** Serves networking.k8s.io/v1 Ingress by HAProxy, run as a supervised child. */
package io.manul.network.ingress;
