package io.manul.network.services;

import java.util.List;

/**
 * What one port of a Service needs.
 *
 * @param chain       name of its chain, from namespace, name and port
 * @param protocol    tcp, udp or sctp
 * @param addresses   virtual addresses (cluster, external, load balancer)
 * @param port        the Service's port
 * @param nodePort    0 for none
 * @param inside      endpoints for traffic from inside
 * @param outside     endpoints for traffic to the node port and to external addresses
 * @param keepSource  externalTrafficPolicy Local: the client's address is kept
 * @param affinitySeconds 0, or how long a client stays with its endpoint
 */
record PortRule(String chain, String protocol, List<String> addresses, List<String> external, int port, int nodePort,
        List<Endpoint> inside, List<Endpoint> outside, boolean keepSource, long affinitySeconds) {
}
