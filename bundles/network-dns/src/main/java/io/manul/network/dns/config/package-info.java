/** What of CoreDNS's configuration is understood: server blocks and plugins as ConfigMap coredns-custom holds them. */
package io.manul.network.dns.config;
