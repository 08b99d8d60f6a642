package io.manul.helm;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.helm.chart.Engine;
import io.manul.helm.release.Release;
import io.manul.helm.release.Releases;
import io.manul.helm.source.Access;
import io.manul.helm.source.Sources;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a chart installed as its HelmChart and HelmChartConfig say (K3S.md 1.6). What was installed last is remembered by a hash of all
 * that goes into it, as an annotation, so that nothing is done twice.
 */
final class ChartReconciler implements Reconciler {

    static final Resource CHARTS = new Resource("helm.cattle.io", "v1", "helmcharts", "HelmChart", true);
    static final Resource CONFIGS = new Resource("helm.cattle.io", "v1", "helmchartconfigs", "HelmChartConfig", true);
    private static final String PREFIX = "helmcharts.helm.cattle.io/";
    private static final String HASH = PREFIX + "configHash";
    private static final String UNMANAGED = PREFIX + "unmanaged";
    private static final String MANAGED_BY = "helmcharts.cattle.io/managed-by";
    private static final String US = "helm-controller";
    private static final String FINALIZER = "wrangler.cattle.io/on-helm-chart-remove";
    private static final long RETRY_FIRST_SECONDS = 10;
    private static final long RETRY_MOST_SECONDS = 360;

    private final Cluster cluster;
    private final Informer charts;
    private final Informer configs;
    private final Engine engine;
    private final Sources sources;
    private final Events events;
    private final InstantSource clock;
    /** Tries that failed, by HelmChart; of the present hash. */
    private final Map<Key, Tries> tries = new ConcurrentHashMap<>();

    private record Tries(String hash, long count, Instant notBefore) {
    }

    ChartReconciler(Cluster cluster, Informer charts, Informer configs, Engine engine, Sources sources, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.charts = charts;
        this.configs = configs;
        this.engine = engine;
        this.sources = sources;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws Exception {
        Optional<Obj> found = charts.get(key);
        if (found.isEmpty() || !managed(found.get())) {
            tries.remove(key);
            return Outcome.SETTLED;
        }
        Wanted wanted = new Wanted(found.get(), configs.get(key).orElse(Obj.of()));
        if (wanted.chart().deleting()) {
            return remove(key, wanted);
        }
        if (!claimed(wanted.chart())) {
            return Outcome.SETTLED; // the claim's own event comes
        }
        if (!List.of("", "v3").contains(wanted.spec().text("helmVersion"))) {
            events.warning(wanted.chart(), "UnsupportedVersion", "Unsupported Helm version " + wanted.spec().text("helmVersion") + ": only v3 charts are supported");
            return status(wanted, false, "Unsupported version", "Only Helm v3 charts are supported");
        }
        return install(key, wanted);
    }

    private static boolean managed(Obj chart) {
        return !(chart.text("spec", "chart").isEmpty() && chart.text("spec", "chartContent").isEmpty()) && !chart.annotations().containsKey(UNMANAGED)
                && chart.annotations().getOrDefault(MANAGED_BY, US).equals(US);
    }

    /** Marks it as ours and puts our finalizer on. @return whether it was already */
    private boolean claimed(Obj chart) throws ClusterException, InterruptedException {
        List<String> finalizers = chart.strings("metadata", "finalizers");
        if (finalizers.contains(FINALIZER) && chart.annotations().containsKey(MANAGED_BY)) {
            return true;
        }
        List<String> all = new ArrayList<>(finalizers);
        if (!all.contains(FINALIZER)) {
            all.add(FINALIZER);
        }
        patch(chart, "", Obj.of("metadata", Obj.of("resourceVersion", chart.resourceVersion(), "annotations", Obj.of(MANAGED_BY, US), "finalizers", all)));
        return false;
    }

    private Outcome install(Key key, Wanted wanted) throws ClusterException, InterruptedException {
        String hash = "";
        try {
            Obj values = Values.of(wanted, reference -> secret(wanted, reference));
            hash = hash(wanted, values);
            if (hash.equals(wanted.chart().annotations().get(HASH))) {
                return Outcome.SETTLED;
            }
            Tries before = tries.get(key);
            if (before != null && before.hash.equals(hash) && before.count > wanted.tries()) {
                return Outcome.SETTLED; // left alone until something changes
            }
            if (before != null && before.hash.equals(hash) && clock.instant().isBefore(before.notBefore)) {
                return new Outcome.Again(Duration.between(clock.instant(), before.notBefore), "an earlier try failed");
            }
            // the cache may be older than what this loop wrote itself a moment ago
            Optional<Obj> now = cluster.get(CHARTS, key.namespace(), key.name());
            if (now.isEmpty() || hash.equals(now.get().annotations().get(HASH))) {
                return Outcome.SETTLED;
            }
            Operation operation = new Operation(cluster, engine, clock, wanted);
            List<Release> history = clean(wanted, operation, hash);
            events.normal(wanted.chart(), "ApplyJob", "Applying HelmChart " + key + " in process");
            if (before == null) { // else it stays said why the last try failed
                patch(wanted.chart(), "status", Obj.of("status", Obj.of("conditions", List.of(jobCreated(true, "Job created", "Applying HelmChart in process")))));
            }
            Release done = operation.install(engine.load(sources.fetch(wanted.spec(), access(wanted))), values, history);
            tries.remove(key);
            patch(wanted.chart(), "", Obj.of("metadata", Obj.of("annotations", Obj.of(HASH, hash))));
            events.normal(wanted.chart(), "Applied", "Release \"" + done.name() + "\" revision " + done.version() + " of chart version " + done.chartVersion()
                    + " is deployed in namespace " + done.namespace());
            return status(wanted, true, "Job created", "Applying HelmChart in process");
        } catch (HelmException e) {
            return failed(key, wanted, hash, e);
        } catch (ClusterException e) {
            if (e.retryable()) {
                throw e;
            }
            return failed(key, wanted, hash, new HelmException(e.getMessage()));
        }
    }

    /** A release that failed before: reinstall takes it away first, abort leaves it, retry goes on from it, as from one that a swap broke off. */
    private List<Release> clean(Wanted wanted, Operation operation, String hash) throws ClusterException, HelmException, InterruptedException {
        List<Release> history = operation.history();
        Optional<Release> last = Releases.last(history);
        if (last.isEmpty() || List.of("deployed", "superseded").contains(last.get().status())) {
            return history;
        }
        if (last.get().status().startsWith("pending-")) {
            events.warning(wanted.chart(), "Interrupted", "Release \"" + last.get().name() + "\" revision " + last.get().version() + " was broken off as "
                    + last.get().status() + ": it is gone on with");
            operation.brokenOff(last.get());
            return operation.history();
        }
        switch (wanted.failurePolicy()) {
            case ABORT -> throw new HelmException("release " + last.get().name() + " revision " + last.get().version() + " is " + last.get().status()
                    + " and failurePolicy is abort: resolve it by hand (" + last.get().json().text("info", "description") + ")");
            case RETRY -> {
                return history;
            }
            case REINSTALL -> {
                events.warning(wanted.chart(), "Reinstall", "Release \"" + last.get().name() + "\" revision " + last.get().version() + " is " + last.get().status()
                        + ": it is uninstalled and installed again");
                operation.uninstall(history);
                return List.of();
            }
        }
        throw new IllegalStateException(hash);
    }

    private Outcome failed(Key key, Wanted wanted, String hash, HelmException e) throws ClusterException, InterruptedException {
        Tries before = tries.get(key);
        long count = before != null && before.hash.equals(hash) ? before.count + 1 : 1;
        boolean again = count <= wanted.tries()
                && (e.retry() || wanted.chart().deleting() || wanted.failurePolicy() != Wanted.FailurePolicy.ABORT);
        Duration after = Duration.ofSeconds(Math.min(RETRY_MOST_SECONDS, RETRY_FIRST_SECONDS << Math.min(6, count - 1)));
        tries.put(key, new Tries(hash, again ? count : wanted.tries() + 1, clock.instant().plus(after)));
        String what = e.getMessage() + (again ? ". Next try in " + after.toSeconds() + " s" : ". It is left alone until the HelmChart changes");
        events.warning(wanted.chart(), "Failed", what);
        if (count == 1) { // what was installed before may be half changed: to go back to it is a change
            patch(wanted.chart(), "", Obj.parse("{\"metadata\":{\"annotations\":{\"" + HASH + "\":null}}}"));
        }
        status(wanted, false, "Failed", e.getMessage());
        return again ? new Outcome.Again(after, e.getMessage()) : Outcome.SETTLED;
    }

    private Outcome remove(Key key, Wanted wanted) throws Exception {
        if (!wanted.chart().strings("metadata", "finalizers").contains(FINALIZER)) {
            return Outcome.SETTLED;
        }
        try {
            Operation operation = new Operation(cluster, engine, clock, wanted);
            operation.uninstall(operation.history());
        } catch (HelmException e) {
            return failed(key, wanted, "remove", e);
        }
        tries.remove(key);
        events.normal(wanted.chart(), "RemoveJob", "Uninstalled HelmChart in process, removing resources");
        List<String> rest = wanted.chart().strings("metadata", "finalizers").stream().filter(f -> !f.equals(FINALIZER)).toList();
        patch(wanted.chart(), "", Obj.of("metadata", Obj.of("resourceVersion", wanted.chart().resourceVersion(), "finalizers", rest)));
        return Outcome.SETTLED;
    }

    private Outcome status(Wanted wanted, boolean well, String reason, String message) throws ClusterException, InterruptedException {
        List<Obj> conditions = List.of(jobCreated(well, reason, message),
                Obj.of("type", "Failed", "status", well ? "False" : "True", "reason", well ? null : reason, "message", well ? null : message));
        patch(wanted.chart(), "status", Obj.of("status", Obj.of("conditions", conditions))); // nothing is written where nothing changes
        return Outcome.SETTLED;
    }

    private static Obj jobCreated(boolean well, String reason, String message) {
        return Obj.of("type", "JobCreated", "status", well ? "True" : "False", "reason", well ? reason : null, "message", well ? message : null);
    }

    private void patch(Obj chart, String sub, Obj patch) throws ClusterException, InterruptedException {
        try {
            cluster.patch(CHARTS, chart.namespace(), chart.name(), sub, Patch.MERGE, patch);
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    // ---- what goes in

    private static String hash(Wanted wanted, Obj values) {
        Obj all = wanted.spec().copy();
        List.of("valuesContent", "values", "valuesSecrets", "set", "jobImage", "backOffLimit", "podSecurityContext", "securityContext").forEach(all::remove);
        all.put("config", wanted.config().at("spec")).put("merged", values);
        return "SHA256=" + HexFormat.of().withUpperCase().formatHex(digest(all.bytes()));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> secret(Wanted wanted, Obj reference) throws HelmException, InterruptedException {
        String where = wanted.chart().namespace() + "/" + reference.text("name");
        try {
            Optional<Obj> secret = cluster.get(Resources.SECRETS, wanted.chart().namespace(), reference.text("name"));
            if (secret.isEmpty() && reference.flag("ignoreUpdates")) {
                return List.of();
            }
            Obj data = secret.orElseThrow(() -> new HelmException("secret " + where + ", which valuesSecrets names, does not exist", true)).at("data");
            List<String> out = new ArrayList<>();
            for (String k : reference.strings("keys")) {
                if (!data.has(k) && !reference.flag("ignoreUpdates")) {
                    throw new HelmException("secret " + where + " has no key " + k, true);
                }
                out.add(decode(data.text(k)));
            }
            return out;
        } catch (ClusterException e) {
            throw new HelmException("secret " + where + ": " + e.getMessage(), true);
        }
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private Access access(Wanted wanted) throws HelmException, ClusterException, InterruptedException {
        Obj spec = wanted.spec();
        Optional<Obj> basic = named(Resources.SECRETS, wanted, spec.text("authSecret", "name"));
        Optional<Obj> docker = named(Resources.SECRETS, wanted, spec.text("dockerRegistrySecret", "name"));
        Optional<Obj> ca = named(Resources.CONFIG_MAPS, wanted, spec.text("repoCAConfigMap", "name"));
        String pem = spec.text("repoCA") + ca.map(c -> String.join("\n", c.stringMap("data").values())).orElse("");
        return new Access(basic.map(s -> decode(s.text("data", "username")) + ":" + decode(s.text("data", "password"))), spec.flag("authPassCredentials"),
                docker.map(s -> decode(s.text("data", ".dockerconfigjson"))), Optional.of(pem).filter(p -> !p.isBlank()),
                spec.flag("insecureSkipTLSVerify"), spec.flag("plainHTTP"));
    }

    private Optional<Obj> named(Resource resource, Wanted wanted, String name) throws HelmException, ClusterException, InterruptedException {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(cluster.get(resource, wanted.chart().namespace(), name).orElseThrow(() -> new HelmException(resource.kind() + " "
                + wanted.chart().namespace() + "/" + name + ", which the HelmChart names, does not exist", true)));
    }
}
