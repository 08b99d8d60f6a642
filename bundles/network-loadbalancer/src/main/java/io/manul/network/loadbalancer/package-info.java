/** Gives Services of type LoadBalancer the addresses of nodes (K3S.md 1.12, ServiceLB). */
package io.manul.network.loadbalancer;
