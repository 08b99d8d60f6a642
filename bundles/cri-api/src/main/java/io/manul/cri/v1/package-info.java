/** Messages of the Kubernetes Container Runtime Interface v1, generated from {@code runtime.proto} (lite runtime). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.cri.v1;
