package io.manul.network.dns.zone;

import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the cluster's names stand for, kept by the informers' threads, read by any. No object is kept whole. */
public final class Index {

    public static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final Map<Key, ServiceEntry> services = new ConcurrentHashMap<>();
    /** Slices by the Service they belong to. */
    private final Map<Key, Map<String, SliceEntry>> slices = new ConcurrentHashMap<>();
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

    public void service(Informer.Change change) {
        Key key = Key.of(change.object());
        if (change.kind() == Informer.Kind.DELETED) {
            services.remove(key);
        } else {
            services.put(key, ServiceEntry.of(change.object()));
        }
    }

    public void namespace(Informer.Change change) {
        if (change.kind() == Informer.Kind.DELETED) {
            namespaces.remove(change.object().name());
        } else {
            namespaces.add(change.object().name());
        }
    }

    public void slice(Informer.Change change) {
        Key now = owner(change.object());
        if (change.previous() != null && !owner(change.previous()).equals(now)) {
            remove(owner(change.previous()), change.previous().name());
        }
        Optional<SliceEntry> entry = change.kind() == Informer.Kind.DELETED || now.name().isEmpty() ? Optional.empty()
                : SliceEntry.of(change.object());
        if (entry.isPresent()) {
            slices.computeIfAbsent(now, k -> new ConcurrentHashMap<>()).put(change.object().name(), entry.get());
        } else {
            remove(now, change.object().name());
        }
    }

    private void remove(Key service, String slice) {
        slices.computeIfPresent(service, (k, all) -> {
            all.remove(slice);
            return all.isEmpty() ? null : all;
        });
    }

    private static Key owner(Obj slice) {
        return new Key(slice.namespace(), slice.labels().getOrDefault(SERVICE_LABEL, ""));
    }

    boolean namespace(String name) {
        return namespaces.contains(name);
    }

    Optional<ServiceEntry> service(Key key) {
        return Optional.ofNullable(services.get(key));
    }

    Collection<SliceEntry> slices(Key service) {
        return slices.getOrDefault(service, Map.of()).values();
    }

    /** The Service that has this cluster address. */
    Optional<Key> serviceAt(byte[] address) {
        for (Map.Entry<Key, ServiceEntry> e : services.entrySet()) {
            for (byte[] a : e.getValue().addresses()) {
                if (Arrays.equals(a, address)) {
                    return Optional.of(e.getKey());
                }
            }
        }
        return Optional.empty();
    }

    /** Labels below their Service, {@code label, name, namespace}, of the endpoints at this address. */
    List<List<String>> endpointsAt(byte[] address) {
        List<List<String>> out = new java.util.ArrayList<>();
        slices.forEach((service, all) -> {
            for (SliceEntry s : all.values()) {
                int at = s.find(address);
                if (at >= 0 && services.containsKey(service)) {
                    out.add(List.of(s.label(at), service.name(), service.namespace()));
                }
            }
        });
        return out;
    }

    /** Services and endpoints kept, for people. */
    public String size() {
        int endpoints = slices.values().stream().flatMap(m -> m.values().stream()).mapToInt(SliceEntry::size).sum();
        return services.size() + " Services, " + endpoints + " endpoints";
    }
}
