package io.manul.network.ingress;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Objects without an API. Safe from any thread. */
final class FakeWorld implements World {

    private final List<Obj> all = new CopyOnWriteArrayList<>();
    private int made;
    /** A fault of ours, so many times. */
    volatile int faults;

    FakeWorld() {
        put(Obj.of("kind", "IngressClass", "metadata", Obj.of("name", "manul", "annotations",
                Obj.of("ingressclass.kubernetes.io/is-default-class", "true")), "spec", Obj.of("controller", Planner.CONTROLLER)));
    }

    /** Puts an object in the place of the one of its kind and name. */
    synchronized void put(Obj object) {
        if (!object.has("metadata", "creationTimestamp")) {
            object.set("2026-01-01T00:00:%02dZ".formatted(made++ % 60), "metadata", "creationTimestamp");
        }
        drop(object.kind(), object.namespace(), object.name());
        all.add(object);
    }

    void drop(String kind, String namespace, String name) {
        all.removeIf(o -> o.kind().equals(kind) && o.namespace().equals(namespace) && o.name().equals(name));
    }

    private List<Obj> of(String kind) {
        return new ArrayList<>(all.stream().filter(o -> o.kind().equals(kind)).map(Obj::copy).toList());
    }

    private Optional<Obj> one(String kind, String namespace, String name) {
        return of(kind).stream().filter(o -> o.namespace().equals(namespace) && o.name().equals(name)).findFirst();
    }

    @Override
    public List<Obj> ingresses() {
        if (faults > 0) {
            faults--;
            throw new IllegalStateException("broken on purpose");
        }
        return of("Ingress");
    }

    @Override
    public List<Obj> classes() {
        return of("IngressClass");
    }

    @Override
    public Optional<Obj> service(String namespace, String name) {
        return one("Service", namespace, name);
    }

    @Override
    public List<Obj> slices(String namespace, String service) {
        return of("EndpointSlice").stream().filter(s -> s.namespace().equals(namespace)
                && service.equals(s.labels().get(InformedWorld.SERVICE_LABEL))).toList();
    }

    @Override
    public Optional<Obj> secret(String namespace, String name) {
        return one("Secret", namespace, name);
    }

    // ---- what the tests put in

    /** A Service with port 80 named web, and its pods on this machine. */
    void service(String name, int... ports) {
        put(Obj.of("kind", "Service", "metadata", meta(name), "spec", Obj.of("ports", List.of(Obj.of("name", "web", "port", 80)))));
        for (Obj old : slices("default", name)) {
            drop("EndpointSlice", "default", old.name());
        }
        for (int port : ports) {
            slice(name, port, Obj.of("ready", true));
        }
    }

    void slice(String service, int port, Obj conditions) {
        Obj meta = meta(service + "-" + port);
        meta.put("labels", Obj.of(InformedWorld.SERVICE_LABEL, service));
        put(Obj.of("kind", "EndpointSlice", "metadata", meta, "addressType", "IPv4", "ports", List.of(Obj.of("name", "web", "port", port)),
                "endpoints", List.of(Obj.of("addresses", List.of("127.0.0.1"), "conditions", conditions))));
    }

    void secret(String name, String certificate, String key) {
        put(Obj.of("kind", "Secret", "metadata", meta(name), "type", "kubernetes.io/tls", "data", Obj.of("tls.crt", base64(certificate), "tls.key", base64(key))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    static Obj meta(String name) {
        return Obj.of("name", name, "namespace", "default", "uid", "uid-" + name);
    }

    /** @param rules host, path, path type, Service in turn */
    static Obj ingress(String name, String... rules) {
        List<Obj> all = new ArrayList<>();
        for (int i = 0; i < rules.length; i += 4) {
            all.add(Obj.of("host", rules[i].isEmpty() ? null : rules[i], "http", Obj.of("paths", List.of(Obj.of("path", rules[i + 1],
                    "pathType", rules[i + 2], "backend", backend(rules[i + 3]))))));
        }
        return Obj.of("kind", "Ingress", "metadata", meta(name), "spec", Obj.of("ingressClassName", "manul", "rules", all));
    }

    static Obj backend(String service) {
        return Obj.of("service", Obj.of("name", service, "port", Obj.of("name", "web")));
    }
}
