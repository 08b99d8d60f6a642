/** ClusterIP and NodePort Services by nftables, from Services and EndpointSlices (Kubernetes, "Virtual IPs and Service Proxies"). */
package io.manul.network.services;
