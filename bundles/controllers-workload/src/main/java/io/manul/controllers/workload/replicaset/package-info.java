/** ReplicaSet: as many pods as asked for, no more, no fewer (apps/v1 ReplicaSet). */
package io.manul.controllers.workload.replicaset;
