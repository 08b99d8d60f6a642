package io.manul.network.pods;

import io.manul.api.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What carries the pod network: the interface of the node's address, or {@code --flannel-iface}, with its MTU.
 *
 * @param own     the node's address on it, by family: at most one each
 * @param outside what other nodes are told to send to
 */
record Underlay(String device, int mtu, List<InetAddress> own, List<InetAddress> outside) {

    static Underlay of(Settings settings) throws IOException {
        String wanted = settings.other("flannel-iface").orElse("");
        List<InetAddress> node = addresses(settings.other("node-ip").orElse(settings.nodeIp()));
        NetworkInterface device = wanted.isEmpty() ? NetworkInterface.getByInetAddress(node.getFirst()) : NetworkInterface.getByName(wanted);
        if (device == null) {
            throw new IOException(wanted.isEmpty() ? "no network interface has the node's address " + node.getFirst().getHostAddress() + "; look at --node-ip"
                    : "there is no network interface " + wanted + "; look at --flannel-iface");
        }
        List<InetAddress> own = new ArrayList<>();
        for (Family f : Family.values()) {
            List<InetAddress> on = device.getInterfaceAddresses().stream().map(InterfaceAddress::getAddress)
                    .filter(a -> Family.of(a) == f && !a.isLinkLocalAddress()).toList();
            Stream.concat(node.stream().filter(on::contains), on.stream()).findFirst().ifPresent(own::add);
        }
        boolean external = settings.other("flannel-external-ip").orElse("").equals("true");
        List<InetAddress> outside = external ? addresses(settings.other("node-external-ip").orElse("")) : own;
        return new Underlay(device.getName(), device.getMTU(), List.copyOf(own), outside.isEmpty() ? List.copyOf(own) : outside);
    }

    private static List<InetAddress> addresses(String list) {
        return Stream.of(list.split(",")).flatMap(a -> Peer.literal(a.strip()).stream()).toList();
    }

    Optional<InetAddress> own(Family family) {
        return own.stream().filter(a -> Family.of(a) == family).findFirst();
    }

    Optional<InetAddress> outside(Family family) {
        return outside.stream().filter(a -> Family.of(a) == family).findFirst();
    }
}
