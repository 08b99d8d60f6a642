/** PodDisruptionBudget: how many pods may be disrupted now (policy/v1). */
package io.manul.controllers.policy.budget;
