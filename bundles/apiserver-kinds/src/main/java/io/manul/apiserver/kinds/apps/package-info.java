/** Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController. */
package io.manul.apiserver.kinds.apps;
