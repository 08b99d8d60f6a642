/** The container runtime as the kubelet calls it: the Container Runtime Interface v1, one blocking method per call. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.cri;
