package io.manul.helm.cluster;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.helm.HelmException;
import io.manul.helm.Yaml;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Brings the objects of a manifest into the cluster, and takes them away, as the helm command does (pkg/kube, pkg/action). */
public final class Objects {

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String NAME = "meta.helm.sh/release-name";
    private static final String NAMESPACE = "meta.helm.sh/release-namespace";
    private static final String POLICY = "helm.sh/resource-policy";
    private static final int MOST_NAMED = 10;
    private static final Duration STEP = Duration.ofMillis(100);

    private final Cluster cluster;
    private final Kinds kinds;
    private final String release;
    private final String namespace;
    private final List<String> applied = new ArrayList<>();

    /** For one release. */
    public Objects(Cluster cluster, Kinds kinds, String release, String namespace) {
        this.cluster = cluster;
        this.kinds = kinds;
        this.release = release;
        this.namespace = namespace;
    }

    /** An object with where it goes. */
    private record Placed(Resource resource, String namespace, Obj object) {
        String identity() {
            return resource.group() + "/" + resource.plural() + "/" + namespace + "/" + object.name();
        }

        @Override
        public String toString() {
            return object.kind() + " \"" + object.name() + "\"" + (namespace.isEmpty() ? "" : " in namespace \"" + namespace + "\"");
        }
    }

    private Placed place(Obj object) throws HelmException, ClusterException, InterruptedException {
        Resource r = kinds.of(object.apiVersion(), object.kind()).orElseThrow(() -> new HelmException("unable to build kubernetes objects from release manifest: "
                + "resource mapping not found for name: \"" + object.name() + "\" namespace: \"" + object.namespace() + "\" from \"\": no matches for kind \""
                + object.kind() + "\" in version \"" + object.apiVersion() + "\"\nensure CRDs are installed first"));
        String where = !r.namespaced() ? "" : object.namespace().isEmpty() ? namespace : object.namespace();
        return new Placed(r, where, object);
    }

    private List<Placed> placed(String manifest) throws HelmException, ClusterException, InterruptedException {
        List<Placed> all = new ArrayList<>();
        for (Obj o : Yaml.all(manifest, "the rendered manifest")) {
            if (o.kind().endsWith("List") && o.has("items")) {
                for (Obj item : o.objects("items")) {
                    all.add(place(item));
                }
            } else {
                all.add(place(o));
            }
        }
        return all;
    }

    /** Refuses objects that are there and belong to somebody else, before anything is written. */
    public void check(String manifest, String before, boolean takeOwnership, boolean upgrade) throws HelmException, ClusterException, InterruptedException {
        Set<String> ours = new HashSet<>();
        for (Placed p : placed(before)) {
            ours.add(p.identity());
        }
        for (Placed p : placed(manifest)) {
            Optional<Obj> live = takeOwnership || ours.contains(p.identity()) ? Optional.empty() : cluster.get(p.resource, p.namespace, p.object.name());
            if (live.isPresent()) {
                String wrong = ownership(live.get());
                if (!wrong.isEmpty()) {
                    throw new HelmException((upgrade ? "Unable to continue with update: " : "Unable to continue with install: ") + p
                            + " exists and cannot be imported into the current release: invalid ownership metadata; " + wrong);
                }
            }
        }
    }

    private String ownership(Obj live) {
        List<String> wrong = new ArrayList<>();
        say(wrong, "label", MANAGED_BY, live.labels().get(MANAGED_BY), "Helm");
        say(wrong, "annotation", NAME, live.annotations().get(NAME), release);
        say(wrong, "annotation", NAMESPACE, live.annotations().get(NAMESPACE), namespace);
        return String.join("; ", wrong);
    }

    private static void say(List<String> wrong, String what, String key, String value, String wanted) {
        if (value == null) {
            wrong.add((what.equals("label") ? "label validation error: missing key \"" : "annotation validation error: missing key \"") + key + "\": must be set to \"" + wanted + "\"");
        } else if (!value.equals(wanted)) {
            wrong.add(what + " validation error: key \"" + key + "\" must equal \"" + wanted + "\": current value is \"" + value + "\"");
        }
    }

    /** Brings everything to the manifest, then deletes what only the one before had. */
    public void apply(String manifest, String before) throws HelmException, ClusterException, InterruptedException {
        Map<String, Placed> old = new LinkedHashMap<>();
        for (Placed p : placed(before)) {
            old.put(p.identity(), p);
        }
        Set<String> now = new HashSet<>();
        for (Placed p : placed(manifest)) {
            now.add(p.identity());
            one(p, Optional.ofNullable(old.get(p.identity())).map(Placed::object).map(this::marked).orElse(Obj.of()));
            applied.add(p.toString());
        }
        for (Placed p : List.copyOf(old.values()).reversed()) {
            if (!now.contains(p.identity())) {
                delete(p);
            }
        }
    }

    /** What {@link #apply} brought before it failed, for the end of a message. */
    public String applied() {
        String names = String.join(", ", applied.subList(0, Math.min(MOST_NAMED, applied.size())));
        return applied.isEmpty() ? "; nothing of the release was applied" : "; applied, and left as they are: " + names
                + (applied.size() > MOST_NAMED ? " and " + (applied.size() - MOST_NAMED) + " more" : "");
    }

    /** Creates the objects of a hook; they carry no mark of ownership, as Helm has it. */
    public void create(String manifest) throws HelmException, ClusterException, InterruptedException {
        for (Placed p : placed(manifest)) {
            cluster.create(p.resource, p.namespace, p.object);
        }
    }

    private Obj marked(Obj object) {
        Obj o = object.copy();
        o.set("Helm", "metadata", "labels", MANAGED_BY);
        o.set(release, "metadata", "annotations", NAME);
        o.set(namespace, "metadata", "annotations", NAMESPACE);
        return o;
    }

    private void one(Placed p, Obj before) throws HelmException, ClusterException, InterruptedException {
        Obj wanted = marked(p.object);
        try {
            if (cluster.get(p.resource, p.namespace, wanted.name()).isEmpty()) {
                cluster.create(p.resource, p.namespace, wanted);
                return;
            }
            Obj patch = ThreeWay.patch(before, wanted);
            List.of("apiVersion", "kind", "status").forEach(patch::remove);
            cluster.patch(p.resource, p.namespace, wanted.name(), "", Patch.MERGE, patch);
        } catch (ClusterException e) {
            if (e.retryable()) {
                throw e;
            }
            throw new HelmException(p + ": " + e.getMessage());
        }
    }

    /** Takes everything away, last first. */
    public void deleteAll(String manifest) throws HelmException, ClusterException, InterruptedException {
        for (Obj o : Yaml.all(manifest, "the manifest of the release").reversed()) {
            if (kinds.of(o.apiVersion(), o.kind()).isPresent()) { // a kind that went took its objects with it
                delete(place(o));
            }
        }
    }

    private void delete(Placed p) throws ClusterException, InterruptedException {
        Optional<Obj> live = cluster.get(p.resource, p.namespace, p.object.name());
        if (live.isPresent() && !"keep".equals(p.object.annotations().get(POLICY)) && !"keep".equals(live.get().annotations().get(POLICY))) {
            cluster.delete(p.resource, p.namespace, p.object.name(), Propagation.BACKGROUND, OptionalLong.empty(), live.get().uid());
        }
    }

    /** Deletes a hook's objects and waits until they are gone. */
    public void remove(String manifest, Duration limit) throws HelmException, ClusterException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (Placed p : placed(manifest)) {
            cluster.delete(p.resource, p.namespace, p.object.name(), Propagation.BACKGROUND, OptionalLong.empty(), "");
            while (cluster.get(p.resource, p.namespace, p.object.name()).isPresent()) {
                if (System.nanoTime() > end) {
                    throw new HelmException(p + " is not gone after " + limit.toSeconds() + " s");
                }
                Thread.sleep(STEP);
            }
        }
    }

    /** Waits until the Jobs and Pods of a hook have ended well. */
    public void awaitDone(String manifest, Duration limit) throws HelmException, ClusterException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (Placed p : placed(manifest)) {
            while (!done(p)) {
                if (System.nanoTime() > end) {
                    throw new HelmException("timed out waiting for the condition: " + p + " has not ended within " + limit.toSeconds() + " s");
                }
                Thread.sleep(STEP);
            }
        }
    }

    private boolean done(Placed p) throws HelmException, ClusterException, InterruptedException {
        if (!p.object.kind().equals("Job") && !p.object.kind().equals("Pod")) {
            return true;
        }
        Obj live = cluster.get(p.resource, p.namespace, p.object.name()).orElseThrow(() -> new HelmException(p + " was deleted while it was waited for"));
        if (p.object.kind().equals("Pod")) {
            if (live.text("status", "phase").equals("Failed")) {
                throw new HelmException("pod " + live.name() + " failed");
            }
            return live.text("status", "phase").equals("Succeeded");
        }
        for (Obj c : live.objects("status", "conditions")) {
            if (c.text("status").equals("True") && c.text("type").equals("Failed")) {
                throw new HelmException("job " + live.name() + " failed: " + c.text("reason"));
            }
            if (c.text("status").equals("True") && c.text("type").equals("Complete")) {
                return true;
            }
        }
        return false;
    }

    /** Creates definitions that are not there, and waits until they are served; one that is there is left alone. */
    public void definitions(List<String> files, Duration limit) throws HelmException, ClusterException, InterruptedException {
        List<Obj> made = new ArrayList<>();
        for (String file : files) {
            for (Obj o : Yaml.all(file, "a file of crds/")) {
                Placed p = place(o);
                try {
                    cluster.create(p.resource, p.namespace, o);
                    made.add(o);
                } catch (ClusterException e) {
                    if (!e.alreadyExists()) {
                        throw e;
                    }
                }
            }
        }
        long end = System.nanoTime() + limit.toNanos();
        for (Obj o : made) {
            for (Obj version : o.objects("spec", "versions")) {
                while (version.flag("served") && kinds.of(o.text("spec", "group") + "/" + version.text("name"), o.text("spec", "names", "kind")).isEmpty()) {
                    if (System.nanoTime() > end) {
                        throw new HelmException("CustomResourceDefinition \"" + o.name() + "\" is not served after " + limit.toSeconds() + " s");
                    }
                    Thread.sleep(STEP);
                }
            }
        }
    }
}
