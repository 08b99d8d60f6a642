/** What the scheduler thinks in: pods, nodes, rules and changes (Kubernetes, "Scheduling Framework"). */
package io.manul.scheduler.framework;
