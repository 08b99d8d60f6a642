package io.manul.network.ingress;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the Ingresses of our class ask for (networking.k8s.io/v1 Ingress). Two that claim the same host and path: the older one
 * wins, the other is told. Pure; a planner plans once.
 */
final class Planner {

    /** {@code spec.controller} of IngressClasses that are ours. */
    static final String CONTROLLER = "manul.io/ingress";
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";
    private static final int MOST_WAYS = 10_000;

    private final World world;
    private final Map<String, Way> exact = new LinkedHashMap<>();
    private final Map<String, Way> prefix = new LinkedHashMap<>();
    private final Map<String, String> owners = new LinkedHashMap<>();
    private final Map<BackendKey, SortedSet<Pod>> backends = new LinkedHashMap<>();
    private final Map<String, Certificate> certificates = new LinkedHashMap<>();
    private final List<Trouble> troubles = new ArrayList<>();

    Planner(World world) {
        this.world = world;
    }

    /** The Ingresses that are ours, oldest first. */
    static List<Obj> ours(World world) {
        Set<String> names = world.classes().stream().filter(c -> c.text("spec", "controller").equals(CONTROLLER)).map(Obj::name)
                .collect(Collectors.toSet());
        boolean byDefault = world.classes().stream().anyMatch(c -> names.contains(c.name()) && "true".equals(c.annotations().get(DEFAULT_CLASS)));
        return world.ingresses().stream().filter(i -> !i.deleting()).filter(i -> {
            String wanted = i.string("spec", "ingressClassName").orElse(i.annotations().getOrDefault(CLASS_ANNOTATION, ""));
            return wanted.isEmpty() ? byDefault : names.contains(wanted);
        }).sorted(Comparator.comparing((Obj i) -> i.text("metadata", "creationTimestamp")).thenComparing(Obj::namespace).thenComparing(Obj::name))
                .toList();
    }

    Picture plan() {
        for (Obj ingress : ours(world)) {
            Annotations wishes = new Annotations(ingress, why -> trouble(ingress, "InvalidAnnotation", why));
            Set<String> secure = tls(ingress);
            for (Obj rule : ingress.objects("spec", "rules")) {
                String host = rule.text("host").toLowerCase(Locale.ROOT);
                rule.objects("http", "paths").forEach(p -> path(ingress, wishes, host, p, secure.contains(host) || secure.contains("")));
            }
            ingress.object("spec", "defaultBackend").flatMap(b -> backend(ingress, wishes, b)).ifPresent(b ->
                    take(ingress, new Way(Way.DEFAULT, "", true, b, options(wishes, b, false))));
        }
        return new Picture(exact, prefix, backends, List.copyOf(certificates.values()), troubles);
    }

    private void path(Obj ingress, Annotations wishes, String host, Obj path, boolean tls) {
        String text = path.text("path").isEmpty() ? "/" : path.text("path");
        if (!text.startsWith("/") || !text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
            trouble(ingress, "InvalidPath", "path \"" + text + "\" is not served: it must begin with / and have neither spaces nor backslashes");
            return;
        }
        backend(ingress, wishes, path.at("backend")).ifPresent(b ->
                take(ingress, new Way(host, text, path.text("pathType").equals("Exact"), b, options(wishes, b, tls))));
    }

    private static Options options(Annotations wishes, BackendKey backend, boolean tls) {
        return new Options(wishes.timeoutMillis(backend.protocol()), wishes.bodyBytes(), wishes.redirect(tls));
    }

    private void take(Obj ingress, Way way) {
        String owner = ingress.namespace() + "/" + ingress.name();
        String claim = way.exact() + way.key();
        String before = owners.putIfAbsent(claim, owner);
        if (before != null) {
            if (!before.equals(owner)) {
                trouble(ingress, "Conflict", "host \"" + way.host() + "\" path \"" + way.path() + "\" belongs to the older Ingress " + before);
            }
        } else if (owners.size() > MOST_WAYS) {
            trouble(ingress, "TooManyPaths", "more than " + MOST_WAYS + " paths in the cluster; \"" + way.key() + "\" is not served");
        } else {
            (way.exact() ? exact : prefix).put(way.key(), way);
        }
    }

    private Optional<BackendKey> backend(Obj ingress, Annotations wishes, Obj backend) {
        String name = backend.text("service", "name");
        if (name.isEmpty()) {
            trouble(ingress, "InvalidBackend", "a backend that is no Service is not served");
            return Optional.empty();
        }
        String port = backend.number("service", "port", "number").isPresent()
                ? Long.toString(backend.number("service", "port", "number").getAsLong()) : backend.text("service", "port", "name");
        Optional<Obj> service = world.service(ingress.namespace(), name);
        Optional<Obj> servicePort = service.flatMap(s -> Endpoints.port(s, port));
        BackendKey key = new BackendKey(ingress.namespace(), name, port, wishes.protocol(servicePort.map(p -> p.text("appProtocol")).orElse("")));
        if (service.isEmpty()) {
            trouble(ingress, "ServiceNotFound", "Service " + ingress.namespace() + "/" + name + " does not exist; its paths answer 503");
        } else if (service.get().text("spec", "type").equals("ExternalName")) {
            trouble(ingress, "InvalidBackend", "Service " + name + " is of type ExternalName, which an Ingress does not serve");
        } else if (servicePort.isEmpty()) {
            trouble(ingress, "ServicePortNotFound", "Service " + name + " has no port \"" + port + "\"; its paths answer 503");
        }
        backends.computeIfAbsent(key, k -> servicePort.map(p -> Endpoints.of(p, world.slices(k.namespace(), k.service()))).orElseGet(TreeSet::new));
        return Optional.of(key);
    }

    /** Takes the certificates; @return the hosts that have TLS, {@code ""} for all of them */
    private Set<String> tls(Obj ingress) {
        Set<String> secure = new TreeSet<>();
        for (Obj tls : ingress.objects("spec", "tls")) {
            List<String> hosts = tls.strings("hosts").stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
            secure.addAll(hosts.isEmpty() ? List.of("") : hosts);
            String name = tls.text("secretName");
            if (!name.isEmpty()) {
                Optional<Obj> secret = world.secret(ingress.namespace(), name);
                if (secret.isEmpty()) {
                    trouble(ingress, "SecretNotFound", "TLS secret " + ingress.namespace() + "/" + name
                            + " of type kubernetes.io/tls does not exist; " + Certificates.INSTEAD);
                } else {
                    Certificates.pem(secret.get(), why -> trouble(ingress, "InvalidSecret", why)).ifPresent(pem -> certificates.merge(
                            ingress.namespace() + "/" + name, new Certificate(ingress.namespace(), name, pem, new TreeSet<>(hosts)), Planner::both));
                }
            }
        }
        return secure;
    }

    private static Certificate both(Certificate a, Certificate b) {
        SortedSet<String> hosts = new TreeSet<>(a.hosts());
        hosts.addAll(b.hosts());
        return new Certificate(a.namespace(), a.secret(), a.pem(), hosts);
    }

    private void trouble(Obj ingress, String reason, String message) {
        troubles.add(new Trouble(ingress, reason, message));
    }
}
