/** A rule for the scheduler that is none of Kubernetes' own. */
package io.manul.example.scheduler;
