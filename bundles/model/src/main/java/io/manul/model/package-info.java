/** Kubernetes values that several rooms read: quantities, label selectors, taints and tolerations (API reference, v1.36). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.model;
