package io.manul.network.pods;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** A kernel's ways to pods, in memory: they outlive whoever made them. */
final class FakeBackend implements Backend {

    final Set<String> ways = new ConcurrentSkipListSet<>();
    final AtomicInteger changes = new AtomicInteger();

    static String way(Peer p) {
        return p.node() + " " + p.cidr() + " " + p.address().getHostAddress() + " " + p.mac();
    }

    @Override
    public String name() {
        return "vxlan";
    }

    @Override
    public Map<String, String> ensure(List<Cidr> own) {
        return Map.of(Family.BACKEND_TYPE, name(), Family.V4.address(), "192.0.2.1", Family.V4.data(), "{\"VNI\":1,\"VtepMAC\":\"02:00:00:00:00:01\"}");
    }

    @Override
    public void add(List<Peer> peers) {
        peers.forEach(p -> ways.add(way(p)));
        changes.addAndGet(peers.size());
    }

    @Override
    public void remove(List<Peer> peers) {
        peers.forEach(p -> ways.remove(way(p)));
        changes.addAndGet(peers.size());
    }

    @Override
    public void sweep(Set<Peer> kept) {
        ways.retainAll(kept.stream().map(FakeBackend::way).toList());
    }

    @Override
    public int mtu() {
        return 1450;
    }
}
