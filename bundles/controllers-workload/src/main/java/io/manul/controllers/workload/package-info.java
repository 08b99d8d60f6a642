/** Deployment and ReplicaSet (apps/v1). */
package io.manul.controllers.workload;
