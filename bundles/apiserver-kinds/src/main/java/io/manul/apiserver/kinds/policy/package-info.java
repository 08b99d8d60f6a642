/** policy: PodDisruptionBudget. */
package io.manul.apiserver.kinds.policy;
