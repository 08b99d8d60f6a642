/** PriorityClass (scheduling.k8s.io/v1). */
package io.manul.apiserver.kinds.scheduling;
