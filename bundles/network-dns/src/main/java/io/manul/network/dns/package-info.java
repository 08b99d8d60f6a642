/** Answers cluster names (Kubernetes, "DNS for Services and Pods"; RFC 1035). */
package io.manul.network.dns;
