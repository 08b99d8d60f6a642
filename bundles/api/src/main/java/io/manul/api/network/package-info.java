/** What stands between a new pod's network and its first container (Kubernetes, "Network Policies", pod lifecycle). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.api.network;
