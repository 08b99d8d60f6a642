package io.manul.helm;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.helm.chart.Chart;
import io.manul.helm.chart.Engine;
import io.manul.helm.chart.Rendered;
import io.manul.helm.cluster.Kinds;
import io.manul.helm.cluster.Objects;
import io.manul.helm.release.Release;
import io.manul.helm.release.Releases;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Installs, upgrades and uninstalls one release, step by step as the helm command does (helm.sh/helm/v3, pkg/action). */
final class Operation {

    private final Cluster cluster;
    private final Engine engine;
    private final InstantSource clock;
    private final Wanted wanted;
    private final Kinds kinds;
    private final Objects objects;
    private final Releases releases;
    private final Duration timeout;

    Operation(Cluster cluster, Engine engine, InstantSource clock, Wanted wanted) throws HelmException {
        this.cluster = cluster;
        this.engine = engine;
        this.clock = clock;
        this.wanted = wanted;
        this.kinds = new Kinds(cluster);
        this.objects = new Objects(cluster, kinds, wanted.release(), wanted.namespace());
        this.releases = new Releases(cluster, clock, wanted.spec().text("driver").equals("configmap"));
        this.timeout = wanted.timeout();
    }

    List<Release> history() throws ClusterException, HelmException, InterruptedException {
        return releases.history(wanted.namespace(), wanted.release());
    }

    /** Installs, or upgrades the release that is there. @return its revision */
    Release install(Chart chart, Obj values, List<Release> history) throws ClusterException, HelmException, InterruptedException {
        namespace();
        Optional<Release> deployed = Releases.deployed(history);
        boolean upgrade = deployed.isPresent();
        int revision = Releases.last(history).map(Release::version).orElse(0) + 1;
        if (!upgrade) {
            objects.definitions(chart.crds(), timeout);
        }
        Engine.Capabilities capabilities = new Engine.Capabilities(cluster.raw("GET", "/version", null).text("gitVersion"), kinds.all());
        Rendered rendered = engine.render(chart, values, new Engine.Facts(wanted.release(), wanted.namespace(), revision, upgrade), capabilities, this::lookup);
        String before = deployed.map(Release::manifest).orElse("");
        objects.check(rendered.manifest(), before, wanted.spec().flag("takeOwnership"), upgrade);
        Release release = pending(chart, values, rendered, revision, upgrade);
        releases.create(release);
        try {
            run(release, upgrade ? "pre-upgrade" : "pre-install");
            objects.apply(rendered.manifest(), before);
            run(release, upgrade ? "post-upgrade" : "post-install");
        } catch (HelmException e) {
            String what = upgrade ? "Upgrade \"" + wanted.release() + "\" failed: " : "Release \"" + wanted.release() + "\" failed: ";
            releases.update(release.status("failed", what + e.getMessage(), now()));
            throw new HelmException(e.getMessage() + objects.applied(), e.retry());
        }
        for (Release r : history) {
            if (r.status().equals("deployed")) {
                releases.update(r.status("superseded", r.json().text("info", "description"), r.json().text("info", "last_deployed")));
            }
        }
        Release done = release.status("deployed", upgrade ? "Upgrade complete" : "Install complete", now());
        releases.update(done);
        releases.prune(history);
        return done;
    }

    private void namespace() throws ClusterException, InterruptedException {
        if (wanted.spec().flag("createNamespace") && cluster.get(Resources.NAMESPACES, "", wanted.namespace()).isEmpty()) {
            try {
                cluster.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", wanted.namespace(), "labels", Obj.of("name", wanted.namespace()))));
            } catch (ClusterException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
            }
        }
    }

    private Release pending(Chart chart, Obj values, Rendered rendered, int revision, boolean upgrade) {
        List<Obj> hooks = rendered.hooks().stream().map(h -> Obj.of("name", h.name(), "kind", h.kind(), "path", h.path(), "manifest", h.manifest(),
                "events", h.events(), "last_run", Obj.of("started_at", "", "completed_at", "", "phase", ""), "weight", h.weight(), "delete_policies", h.policies())).toList();
        return new Release(Obj.of("name", wanted.release(), "namespace", wanted.namespace(), "version", revision, "info",
                Obj.of("first_deployed", now(), "last_deployed", now(), "deleted", "", "description", upgrade ? "Preparing upgrade" : "Initial install underway",
                        "status", upgrade ? "pending-upgrade" : "pending-install", "notes", rendered.notes()),
                "chart", chart.release(), "config", values, "manifest", rendered.manifest(), "hooks", hooks));
    }

    private String now() {
        return clock.instant().toString();
    }

    private Obj lookup(String apiVersion, String kind, String namespace, String name) throws HelmException {
        try {
            var resource = kinds.of(apiVersion, kind);
            if (resource.isEmpty()) {
                return Obj.of();
            }
            if (!name.isEmpty()) {
                return cluster.get(resource.get(), namespace, name).orElse(Obj.of());
            }
            return cluster.raw("GET", resource.get().path(namespace), null);
        } catch (ClusterException e) {
            if (e.notFound()) {
                return Obj.of();
            }
            throw new HelmException("lookup of " + kind + " " + name + ": " + e.getMessage(), e.retryable());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HelmException("interrupted", true);
        }
    }

    /** Nobody works on that revision any more. */
    void brokenOff(Release release) throws ClusterException, InterruptedException {
        releases.update(release.status("failed", "Broken off as " + release.status(), now()));
    }

    /** Deletes the release's objects and its revisions. */
    void uninstall(List<Release> history) throws ClusterException, HelmException, InterruptedException {
        Optional<Release> last = Releases.last(history);
        if (last.isPresent()) {
            Release release = last.get();
            releases.update(release.status("uninstalling", "Deletion in progress (or silently failed)", now()));
            run(release, "pre-delete");
            objects.deleteAll(release.manifest());
            run(release, "post-delete");
            releases.deleteAll(history);
        }
    }

    // ---- hooks

    private void run(Release release, String event) throws ClusterException, HelmException, InterruptedException {
        List<Obj> hooks = release.hooks().stream().filter(h -> h.strings("events").contains(event))
                .sorted(Comparator.comparingLong((Obj h) -> h.number("weight").orElse(0)).thenComparing(h -> h.text("name"))).toList();
        for (Obj hook : hooks) {
            List<String> policies = hook.strings("delete_policies");
            if (policies.isEmpty() || policies.contains("before-hook-creation")) {
                objects.remove(hook.text("manifest"), timeout);
            }
            try {
                objects.create(hook.text("manifest"));
                if (!hook.text("kind").equals("CustomResourceDefinition")) {
                    objects.awaitDone(hook.text("manifest"), timeout);
                }
            } catch (HelmException | ClusterException e) {
                if (policies.contains("hook-failed")) {
                    objects.remove(hook.text("manifest"), timeout);
                }
                throw new HelmException(event + " hooks failed: hook " + hook.text("path") + ": " + e.getMessage());
            }
        }
        for (Obj hook : hooks) {
            if (hook.strings("delete_policies").contains("hook-succeeded")) {
                objects.remove(hook.text("manifest"), timeout);
            }
        }
    }
}
