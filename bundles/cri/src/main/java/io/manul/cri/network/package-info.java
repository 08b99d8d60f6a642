/** The pod network of this node: CNI configuration (CNI 1.0.0; plugins bridge, host-local, portmap) and kernel switches. */
package io.manul.cri.network;
