/** Starts containerd as a process of its own, with its configuration made for it, and keeps it running. */
package io.manul.cri.containerd;
