/** What runs on this node, read from the container runtime, and word of its changes. */
package io.manul.kubelet.runtime;
