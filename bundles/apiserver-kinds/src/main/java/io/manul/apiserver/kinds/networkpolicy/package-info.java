/** networking.k8s.io/v1 NetworkPolicy. */
package io.manul.apiserver.kinds.networkpolicy;
