package io.manul.network.services;

import java.util.ArrayList;
import java.util.List;

/** An IP family with its nft words. */
enum Family {
    IPV4("ip", "ipv4_addr", "IPv4"), IPV6("ip6", "ipv6_addr", "IPv6");

    /** The family of its table and the payload's name. */
    final String ip;
    /** nft's type of an address. */
    final String type;
    /** The API's name: EndpointSlice addressType, Service ipFamilies. */
    final String api;

    Family(String ip, String type, String api) {
        this.ip = ip;
        this.type = type;
        this.api = api;
    }

    boolean has(String address) {
        return (address.indexOf(':') >= 0) == (this == IPV6);
    }

    /** Those of this family. */
    List<String> of(List<String> addresses) {
        List<String> mine = new ArrayList<>(addresses);
        mine.removeIf(a -> a.isEmpty() || !has(a));
        return mine;
    }

    /** @param list addresses or networks, separated by commas */
    List<String> of(String list) {
        return of(List.of(list.split("\\s*,\\s*")));
    }

    static Family named(String table) {
        return table.equals(IPV6.ip) ? IPV6 : IPV4;
    }
}
