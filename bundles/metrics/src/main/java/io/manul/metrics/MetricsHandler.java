package io.manul.metrics;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * metrics.k8s.io/v1beta1: get and list of nodes and pods, with selectors, as objects or as a Table. The API server has authorized the
 * request before. Safe from any thread.
 */
final class MetricsHandler implements Handler {

    private static final String PREFIX = "/apis/" + Items.VERSION + "/";

    private final Cluster cluster;
    private final Scraper scraper;
    private final InstantSource clock;

    MetricsHandler(Cluster cluster, Scraper scraper, InstantSource clock) {
        this.clock = clock;
        this.cluster = cluster;
        this.scraper = scraper;
    }

    /** @param name empty for the collection */
    private record Asked(boolean nodes, String namespace, String name) {

        static Optional<Asked> of(String path) {
            String[] p = path.startsWith(PREFIX) ? path.substring(PREFIX.length()).split("/", -1) : new String[0];
            if (p.length >= 1 && p.length <= 2 && (p[0].equals("nodes") || p[0].equals("pods") && p.length == 1)) {
                return Optional.of(new Asked(p[0].equals("nodes"), "", p.length == 2 ? p[1] : ""));
            }
            return p.length >= 3 && p.length <= 4 && p[0].equals("namespaces") && p[2].equals("pods")
                    ? Optional.of(new Asked(false, p[1], p.length == 4 ? p[3] : "")) : Optional.empty();
        }
    }

    @Override
    public void handle(Exchange x) throws InterruptedException {
        Optional<Asked> asked = Asked.of(x.path());
        if (asked.isEmpty()) {
            refuse(x, 404, "NotFound", "the server could not find the requested resource");
        } else if (!x.method().equals("GET") || x.parameter("watch").filter(v -> !v.equals("false") && !v.equals("0")).isPresent()) {
            refuse(x, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        } else {
            try {
                answer(x, asked.get());
            } catch (ClusterException e) {
                refuse(x, e.code() == 0 ? 503 : e.code(), e.code() == 0 ? "ServiceUnavailable" : e.reason(), e.getMessage());
            }
        }
    }

    private void answer(Exchange x, Asked asked) throws ClusterException, InterruptedException {
        List<Obj> of = objects(x, asked);
        Set<String> nodes = of.stream().map(o -> asked.nodes ? o.name() : o.text("spec", "nodeName")).filter(n -> !n.isEmpty()).collect(Collectors.toSet());
        List<Obj> items = items(asked, of, scraper.pairs(nodes));
        if (!asked.name.isEmpty() && items.isEmpty()) {
            String name = asked.nodes ? asked.name : asked.namespace + "/" + asked.name;
            refuse(x, 404, "NotFound", (asked.nodes ? "nodes" : "pods") + ".metrics.k8s.io \"" + name + "\" not found");
            return;
        }
        boolean table = x.header("accept").filter(a -> a.contains("as=Table")).isPresent();
        Obj out = table ? MetricsTable.of(items) : asked.name.isEmpty() ? Obj.of("kind", asked.nodes ? "NodeMetricsList" : "PodMetricsList",
                "apiVersion", Items.VERSION, "metadata", Obj.of(), "items", items) : items.getFirst();
        x.reply(200, Map.of("content-type", "application/json", "cache-control", "no-cache, private"), out.bytes());
    }

    /** Pods that have just started need two more samples. */
    private List<Obj> items(Asked asked, List<Obj> of, Map<String, Scraper.Pair> first) throws InterruptedException {
        Instant now = clock.instant();
        Map<String, Scraper.Pair> pairs = new HashMap<>(first);
        for (int i = 0; i < 2 && !asked.nodes; i++) {
            Set<String> missing = of.stream().filter(p -> Items.young(p, now) && Items.pod(p, pairs, now).isEmpty())
                    .map(p -> p.text("spec", "nodeName")).collect(Collectors.toSet());
            if (missing.isEmpty()) {
                break;
            }
            pairs.putAll(scraper.again(missing));
        }
        List<Obj> items = new ArrayList<>();
        for (Obj o : of) {
            (asked.nodes ? Items.node(o, pairs, now) : Items.pod(o, pairs, now)).ifPresent(items::add);
        }
        return items;
    }

    private List<Obj> objects(Exchange x, Asked asked) throws ClusterException, InterruptedException {
        Resource resource = asked.nodes ? Resources.NODES : Resources.PODS;
        if (!asked.name.isEmpty()) {
            return cluster.get(resource, asked.namespace, asked.name).stream().toList();
        }
        return cluster.list(resource, new Selection(asked.namespace, x.parameter("labelSelector").orElse(""),
                x.parameter("fieldSelector").orElse(""))).items();
    }

    private static void refuse(Exchange x, int code, String reason, String message) {
        x.reply(code, Map.of("content-type", "application/json"), Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure",
                "message", message, "reason", reason, "code", code).bytes());
    }
}
