/** The order in which pods are looked at, and when a pod that found no node is looked at again. */
package io.manul.scheduler.queue;
