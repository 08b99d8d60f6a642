/** Making room for a pod by pushing out others of a lower priority (Kubernetes, "Pod Priority and Preemption"). */
package io.manul.scheduler.preempt;
