/** Finds a node for every pod: queue, filter, score, bind (Kubernetes, "Scheduling Framework" and "Pod Scheduling Readiness"). */
package io.manul.scheduler;
