package io.manul.network.policy;

/** The part of our table that is always the same. */
final class Frame {

    static final String TABLE = "inet manul-policy";

    /** Maps from a pod of this node to the chain that judges it. */
    static final String[] MAPS = {"egress4", "egress6", "ingress4", "ingress6"};

    private Frame() {
    }

    /**
     * {@code self} holds every pod of this node that a policy selects. {@code lost}: in the middle of a connection that is not
     * tracked (any more) nobody can say who opened it.
     * What another version or a crash left is replaced in the same transaction.
     */
    static String text() {
        return "add table " + TABLE + "\ndelete table " + TABLE + "\ntable " + TABLE + """
                 {
                  map egress4 { type ipv4_addr : verdict; }
                  map egress6 { type ipv6_addr : verdict; }
                  map ingress4 { type ipv4_addr : verdict; }
                  map ingress6 { type ipv6_addr : verdict; }
                  set self4 { type ipv4_addr . ipv4_addr; }
                  set self6 { type ipv6_addr . ipv6_addr; }
                  chain admit {
                    ct reply ip saddr vmap @ingress4
                    ct reply ip6 saddr vmap @ingress6
                    accept
                  }
                  chain stateless {
                    ip saddr vmap @egress4
                    ip6 saddr vmap @egress6
                    ip daddr vmap @ingress4
                    ip6 daddr vmap @ingress6
                    accept
                  }
                  chain lost {
                    ip saddr . ip saddr @self4 drop
                    ip daddr . ip daddr @self4 drop
                    ip6 saddr . ip6 saddr @self6 drop
                    ip6 daddr . ip6 daddr @self6 drop
                    accept
                  }
                  chain judge {
                    icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
                    ct state related accept
                    ct state invalid,untracked goto stateless
                    tcp flags & (fin | syn | rst | ack) != syn ct state new goto lost
                    ct original ip saddr . ct reply ip saddr @self4 accept
                    ct original ip6 saddr . ct reply ip6 saddr @self6 accept
                    ct original ip saddr vmap @egress4
                    ct original ip6 saddr vmap @egress6
                    goto admit
                  }
                  chain forward { type filter hook forward priority 5; policy accept; goto judge
                  }
                  chain input { type filter hook input priority 5; policy accept; ct direction reply accept; goto judge
                  }
                }
                """;
    }

    static String nothing() {
        return "add table " + TABLE + "\ndelete table " + TABLE + "\n";
    }
}
