package io.manul.network.pods;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The two families of addresses, with flannel's names for each: nodes of both products understand each other's. */
enum Family {
    V4("flannel.1", "flannel.alpha.coreos.com/public-ip", "flannel.alpha.coreos.com/backend-data", "-4", 50),
    V6("flannel-v6.1", "flannel.alpha.coreos.com/public-ipv6", "flannel.alpha.coreos.com/backend-v6-data", "-6", 70);

    static final String BACKEND_TYPE = "flannel.alpha.coreos.com/backend-type";
    static final String MANAGER = "flannel.alpha.coreos.com/kube-subnet-manager";

    private final String device;
    private final String address;
    private final String data;
    private final String flag;
    private final int overhead;

    Family(String device, String address, String data, String flag, int overhead) {
        this.device = device;
        this.address = address;
        this.data = data;
        this.flag = flag;
        this.overhead = overhead;
    }

    static Family of(InetAddress a) {
        return a instanceof Inet6Address ? V6 : V4;
    }

    String device() {
        return device;
    }

    String address() {
        return address;
    }

    String data() {
        return data;
    }

    String flag() {
        return flag;
    }

    /** What VXLAN takes of a packet (RFC 7348): outer headers of this family. */
    int overhead() {
        return overhead;
    }
}
