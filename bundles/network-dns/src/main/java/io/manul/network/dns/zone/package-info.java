/** The cluster's names (Kubernetes DNS specification 1.1.0), from a compact index. */
package io.manul.network.dns.zone;
