package io.manul.network.dns.zone;

import io.manul.client.Key;
import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** Answers for the cluster's domain and, where an address is known, for the reverse ones. Safe from any thread. */
public final class ClusterZone {

    static final String VERSION = "1.1.0";
    /** Seconds: what the kubernetes plugin of k3s's Corefile has. */
    public static final int TTL = 5;

    private final Index index;
    private final Name zone;
    private final List<String> zoneLabels;
    private final byte[] server;
    private final IntSupplier serial;

    /** @param server the cluster DNS address @param serial of the zone; grows */
    public ClusterZone(Index index, String domain, byte[] server, IntSupplier serial) {
        this.index = index;
        this.zone = Name.of(domain);
        this.zoneLabels = zone.labels();
        this.server = server;
        this.serial = serial;
    }

    public boolean holds(Name name) {
        return name.in(zone);
    }

    /** @param question within this zone */
    public Answer answer(Question question) {
        List<String> all = question.name().labels();
        List<String> labels = all.subList(0, all.size() - zoneLabels.size());
        int n = labels.size();
        if (n == 0) {
            return apex(question);
        }
        return switch (labels.get(n - 1)) {
            case "svc" -> service(question, labels);
            case "pod" -> pod(question, labels);
            case "dns-version" -> n != 1 ? nothing() : question.type() == Type.TXT
                    ? Answer.of(List.of(Rr.txt(question.name(), TTL, VERSION)), List.of()) : empty();
            case "dns" -> n == 1 ? empty() : n == 2 && labels.getFirst().equals("ns") ? addresses(question, List.of(server)) : nothing();
            default -> nothing();
        };
    }

    private Answer apex(Question question) {
        return switch (question.type()) {
            case Type.SOA -> Answer.of(List.of(soa()), List.of());
            case Type.NS -> Answer.of(List.of(new Rr(question.name(), Type.NS, TTL, under("ns", "dns").data())),
                    List.of(Rr.address(under("ns", "dns"), TTL, server)));
            default -> empty();
        };
    }

    private Answer pod(Question question, List<String> labels) {
        int n = labels.size();
        if (n == 1) {
            return empty();
        }
        if (!index.namespace(labels.get(n - 2))) {
            return nothing();
        }
        if (n == 2) {
            return empty();
        }
        Optional<byte[]> address = n == 3 ? Addresses.undashed(labels.getFirst()) : Optional.empty();
        return address.map(a -> addresses(question, List.of(a))).orElseGet(this::nothing);
    }

    private Answer service(Question question, List<String> labels) {
        int n = labels.size();
        if (n == 1) {
            return empty();
        }
        if (!index.namespace(labels.get(n - 2))) {
            return nothing();
        }
        if (n == 2) {
            return empty();
        }
        Key key = new Key(labels.get(n - 2), labels.get(n - 3));
        Optional<ServiceEntry> service = index.service(key);
        if (service.isEmpty() || n > 5) {
            return nothing();
        }
        if (!service.get().externalName().isEmpty()) {
            return external(question, service.get(), labels);
        }
        if (n == 5) {
            String port = labels.get(0);
            String protocol = labels.get(1);
            return port.startsWith("_") && protocol.startsWith("_")
                    ? ports(question, key, service.get(), port.substring(1), protocol.substring(1)) : nothing();
        }
        if (n == 4) {
            String label = labels.getFirst();
            boolean protocol = label.startsWith("_") && service.get().ports().stream().anyMatch(p -> p.protocol().equals(label.substring(1)));
            return protocol ? empty() : endpoints(question, key, label, "", "");
        }
        return ports(question, key, service.get(), "", "");
    }

    private Answer external(Question question, ServiceEntry service, List<String> labels) {
        Name target;
        try {
            target = Name.of(service.externalName());
        } catch (IllegalArgumentException e) {
            return nothing();
        }
        if (Addresses.parse(service.externalName()).isPresent()) {
            return nothing(); // an address is no name (as CoreDNS)
        }
        if (labels.size() == 3) {
            return Answer.of(List.of(Rr.cname(question.name(), TTL, target)), List.of());
        }
        if (labels.size() == 5 && labels.get(0).startsWith("_") && labels.get(1).startsWith("_")) {
            List<Rr> found = service.ports().stream().filter(p -> p.is(labels.get(0).substring(1), labels.get(1).substring(1)))
                    .map(p -> Rr.srv(question.name(), TTL, 100, p.number(), target)).toList();
            return found.isEmpty() ? nothing() : question.type() == Type.SRV ? Answer.of(found, List.of()) : empty();
        }
        return nothing();
    }

    /** @param port empty: the Service itself */
    private Answer ports(Question question, Key key, ServiceEntry service, String port, String protocol) {
        if (service.headless()) {
            return endpoints(question, key, "", port, protocol);
        }
        List<Port> matching = service.ports().stream().filter(p -> p.is(port, protocol)).toList();
        if (matching.isEmpty() && !port.isEmpty() || service.addresses().isEmpty()) {
            return nothing();
        }
        if (question.type() != Type.SRV) {
            return addresses(question, service.addresses());
        }
        Name target = under(key.name(), key.namespace(), "svc");
        List<Rr> answers = matching.stream()
                .map(p -> Rr.srv(question.name(), TTL, Math.max(1, 100 / matching.size()), p.number(), target)).toList();
        return answers.isEmpty() ? empty()
                : Answer.of(answers, service.addresses().stream().map(a -> Rr.address(target, TTL, a)).toList());
    }

    /** Of a Service's ready endpoints those with the label (empty: all) and the port (empty: any). */
    private Answer endpoints(Question question, Key key, String label, String port, String protocol) {
        Found found = new Found();
        for (SliceEntry slice : index.slices(key)) {
            List<Port> ports = slice.ports.stream().filter(p -> p.is(port, protocol)).toList();
            if (ports.isEmpty() && !port.isEmpty()) {
                continue;
            }
            for (int i = 0; i < slice.size(); i++) {
                String name = label.isEmpty() && question.type() != Type.SRV ? "" : slice.label(i);
                if (label.isEmpty() || label.equals(name)) {
                    found.add(slice.address(i), name, ports);
                }
            }
        }
        if (found.addresses.isEmpty()) {
            return nothing();
        }
        return question.type() == Type.SRV ? found.srv(question.name(), key) : addresses(question, found.addresses);
    }

    /** Endpoints that match, gathered. */
    private final class Found {
        final List<byte[]> addresses = new ArrayList<>();
        private final List<Rr> additional = new ArrayList<>();
        private final Set<ByteBuffer> seen = new HashSet<>();
        private final Set<List<Object>> targets = new LinkedHashSet<>();

        void add(byte[] address, String label, List<Port> ports) {
            if (seen.add(ByteBuffer.wrap(address))) {
                addresses.add(address);
            }
            ports.forEach(p -> targets.add(List.of(label, p.number(), address)));
        }

        Answer srv(Name owner, Key key) {
            List<Rr> answers = new ArrayList<>();
            Set<List<Object>> said = new HashSet<>();
            int weight = Math.max(1, 100 / Math.max(1, targets.size()));
            for (List<Object> t : targets) {
                Name target = under((String) t.get(0), key.name(), key.namespace(), "svc");
                if (said.add(t.subList(0, 2))) {
                    answers.add(Rr.srv(owner, TTL, weight, (Integer) t.get(1), target));
                }
                if (said.add(List.of(target, Addresses.text((byte[]) t.get(2))))) {
                    additional.add(Rr.address(target, TTL, (byte[]) t.get(2)));
                }
            }
            return answers.isEmpty() ? empty() : Answer.of(answers, additional);
        }
    }

    /** PTR for an address of the cluster; empty: not known here, somebody else may. */
    public Optional<Answer> reverse(Question question) {
        Optional<byte[]> address = Addresses.reversed(question.name().labels());
        if (address.isEmpty()) {
            return Optional.empty();
        }
        List<Name> names = new ArrayList<>();
        index.serviceAt(address.get()).ifPresent(k -> names.add(under(k.name(), k.namespace(), "svc")));
        if (names.isEmpty()) {
            index.endpointsAt(address.get()).forEach(e -> names.add(under(e.get(0), e.get(1), e.get(2), "svc")));
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(question.type() == Type.PTR || question.type() == Type.ANY
                ? Answer.of(names.stream().map(n -> Rr.ptr(question.name(), TTL, n)).toList(), List.of()) : empty());
    }

    private Answer addresses(Question question, List<byte[]> addresses) {
        List<Rr> found = new ArrayList<>();
        for (byte[] a : addresses) {
            if (question.type() == Type.ANY || question.type() == (a.length == 4 ? Type.A : Type.AAAA)) {
                found.add(Rr.address(question.name(), TTL, a));
            }
        }
        return found.isEmpty() ? empty() : Answer.of(found, List.of());
    }

    private Answer empty() {
        return Answer.no(Rcode.NOERROR, soa());
    }

    private Answer nothing() {
        return Answer.no(Rcode.NXDOMAIN, soa());
    }

    private Rr soa() {
        return Rr.soa(zone, TTL, under("ns", "dns"), under("hostmaster"), serial.getAsInt(), TTL);
    }

    private Name under(String... labels) {
        List<String> all = new ArrayList<>(List.of(labels));
        all.addAll(zoneLabels);
        return Name.of(all);
    }
}
