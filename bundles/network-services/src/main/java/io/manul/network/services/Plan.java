package io.manul.network.services;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one Service needs on this node. */
final class Plan {

    /** A virtual address and port of a UDP port, with the endpoints that its flows may go to. @param address empty: a node port */
    record Flow(Family family, String address, int port, List<String> targets) {
    }

    /** Nobody else's: cluster addresses, node ports, chains. */
    final List<Fact> own = new ArrayList<>();
    /** By address and port that another Service may name too (external IPs, load balancers); the older Service has it. */
    final Map<String, List<Fact>> claimed = new LinkedHashMap<>();
    /** Addresses of endpoints on this node: a pod that reaches itself through a Service needs another source. */
    final List<Fact> hairpins = new ArrayList<>();
    final List<Flow> flows = new ArrayList<>();
    /** 0 for none. */
    int healthPort;
    /** Ready endpoints here, for the health check. */
    int localReady;
}
