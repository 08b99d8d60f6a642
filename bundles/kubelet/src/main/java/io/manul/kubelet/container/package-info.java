/** A container of a pod as the runtime wants it: command, environment, resources, security, mounts. */
package io.manul.kubelet.container;
