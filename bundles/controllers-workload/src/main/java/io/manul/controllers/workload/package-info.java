/** Deployment and ReplicaSet (apps/v1), ReplicationController (v1). */
package io.manul.controllers.workload;
