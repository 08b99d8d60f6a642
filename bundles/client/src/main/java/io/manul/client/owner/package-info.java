/**
 * What controllers of pods share: owner references with adoption and release (Kubernetes, "Garbage Collection", owners), creates
 * and deletes that are not seen yet, and the state of a pod.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.client.owner;
