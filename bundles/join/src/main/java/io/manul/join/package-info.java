/** A server's side of joining (K3S.md 1.7): tokens, node passwords, certificates by request, and where tunnels begin. */
package io.manul.join;
