/** A real server of this checkout on real containerd, in a network namespace of its own, with stock kubectl. Needs root. */
package io.manul.itests;
