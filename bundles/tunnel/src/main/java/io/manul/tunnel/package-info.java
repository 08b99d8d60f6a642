/**
 * Many connections over one that the node opened: frames with flow control for each, and a watchdog for all. The frames are this
 * product's own; what they carry is HTTP/1.1 to the node's kubelet.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.tunnel;
