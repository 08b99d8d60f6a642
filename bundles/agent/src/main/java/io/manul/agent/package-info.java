/** A node's side of joining a cluster (K3S.md 1.7): the handshake, what it leaves on the disk, and what goes on from there. */
package io.manul.agent;
