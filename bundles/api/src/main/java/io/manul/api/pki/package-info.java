/** Keys and certificates of the cluster. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.manul.api.pki;
