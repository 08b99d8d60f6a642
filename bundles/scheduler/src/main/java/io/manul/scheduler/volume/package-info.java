/** Pods and their volumes: which nodes a claim allows, and binding a claim once a node is chosen. */
package io.manul.scheduler.volume;
