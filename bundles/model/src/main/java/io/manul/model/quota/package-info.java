/**
 * What objects take of a ResourceQuota (Kubernetes, "Resource Quotas"; counted as kube-apiserver and kube-controller-manager 1.36
 * do, pkg/quota/v1): admission and the controller must agree on it to the byte.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.model.quota;
