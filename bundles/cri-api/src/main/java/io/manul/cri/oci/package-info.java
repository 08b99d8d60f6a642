/**
 * Writes small container images as archives, without a registry or a build tool: OCI Image Format 1.1 (image layout, manifest,
 * configuration, layer).
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.cri.oci;
