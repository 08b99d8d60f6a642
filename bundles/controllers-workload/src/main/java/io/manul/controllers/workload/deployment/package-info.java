/** Deployment: rollout, pause, scale, history (apps/v1 Deployment). */
package io.manul.controllers.workload.deployment;
