package io.manul.controllers.testing;

import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.manul.apiserver.engine.ApiServer;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Clusters;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.internal.LoopbackClusters;
import io.manul.datastore.Datastore;
import io.manul.datastore.testing.MemoryDatastore;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The real apiserver, with its authorization, admission, defaults and validation, on a datastore in memory. What is missing
 * to a cluster: every controller, scheduler and kubelet that the test does not start itself.
 */
public final class TestCluster implements AutoCloseable {

    /** An address that is no machine's (RFC 5737), which tests look for. */
    public static final Settings SETTINGS = TestSettings.of("n1", Map.of("bind-address", "0.0.0.0", "node-ip", "192.0.2.1"));

    private final TestPki pki = new TestPki("n1");
    private final Datastore store;
    /** Of {@link #store}, when it is our own. */
    private final AutoCloseable closes;
    private final ApiServer server;
    private final Handler handler;
    private final List<Predicate<Loopback.Request>> faults = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Map<String, Supplier<Obj>> answers = new ConcurrentHashMap<>();
    private final Map<String, Handler> rooms = new ConcurrentHashMap<>();
    private final Map<String, Resource> kinds = new ConcurrentHashMap<>();
    private final Clusters clusters = new LoopbackClusters(new Here());

    public TestCluster() throws Exception {
        this(new MemoryDatastore());
    }

    private TestCluster(MemoryDatastore memory) throws Exception {
        this(memory, memory);
    }

    /** On a datastore of the caller's, which closes it after this. */
    public TestCluster(Datastore store) throws Exception {
        this(store, () -> { });
    }

    private TestCluster(Datastore store, AutoCloseable closes) throws Exception {
        this.store = store;
        this.closes = closes;
        server = new ApiServer(store, pki, SETTINGS);
        server.begin(new byte[0]);
        handler = (Handler) server.offers().get(Handler.class);
    }

    /** Makes the service account {@code default} of the namespace default, which pods need and a controller would make. */
    public TestCluster withServiceAccount() throws ClusterException, InterruptedException {
        admin().create(Resources.SERVICE_ACCOUNTS, "default", Obj.of("metadata", Obj.of("name", "default", "namespace", "default")));
        return this;
    }

    private final class Here implements Loopback {
        @Override
        public Response call(String room, Request request) throws java.io.IOException, InterruptedException {
            if (faults.stream().anyMatch(f -> f.test(request))) {
                return new Response(403, Map.of(), Obj.of("kind", "Status", "code", 403, "reason", "Forbidden", "message",
                        "exceeded quota: test").bytes());
            }
            for (Map.Entry<String, Supplier<Obj>> answer : answers.entrySet()) {
                if (request.target().startsWith(answer.getKey())) {
                    Obj body = answer.getValue().get();
                    return new Response((int) body.number("code").orElse(200), Map.of(), body.bytes());
                }
            }
            return new Call(request, rooms).start(handler).whole();
        }

        @Override
        public Stream open(String room, Request request) throws InterruptedException {
            return new Call(request, rooms).start(handler).begun();
        }
    }

    /** From now on that handler answers what the apiserver forwards to the room, e.g. the kubelet's. */
    public TestCluster room(String name, Handler room) {
        rooms.put(name, room);
        return this;
    }

    /** The cluster's keys. */
    public Pki pki() {
        return pki;
    }

    public Clusters clusters() {
        return clusters;
    }

    /** The administrator's view. */
    public Cluster admin() {
        return clusters.as("admin", List.of("system:masters"), "test");
    }

    /** Requests that match are refused as a quota would, until the fault is closed. */
    public AutoCloseable refuse(Predicate<Loopback.Request> which) {
        faults.add(which);
        return () -> faults.remove(which);
    }

    /** Requests for such a path are answered with this, as an aggregated API would, until the answer is closed. */
    public AutoCloseable answer(String path, Supplier<Obj> with) {
        answers.put(path, with);
        return () -> answers.remove(path);
    }

    /** Such a path is not served, as of an API that is not there. */
    public AutoCloseable missing(String path) {
        return answer(path, () -> Obj.of("kind", "Status", "code", 404, "reason", "NotFound", "message",
                "the server could not find the requested resource"));
    }

    /** The resource of an object's kind, by discovery. */
    public Resource resource(Obj object) throws ClusterException, InterruptedException {
        String key = object.apiVersion() + "/" + object.kind();
        Resource known = kinds.get(key);
        if (known == null) {
            String version = object.apiVersion();
            int slash = version.indexOf('/');
            Obj list = admin().raw("GET", slash < 0 ? "/api/" + version : "/apis/" + version, null);
            for (Obj r : list.objects("resources")) {
                if (!r.text("name").contains("/")) {
                    kinds.put(version + "/" + r.text("kind"), new Resource(slash < 0 ? "" : version.substring(0, slash),
                            version.substring(slash + 1), r.text("name"), r.text("kind"), r.flag("namespaced")));
                }
            }
            known = kinds.get(key);
        }
        if (known == null) {
            throw new IllegalArgumentException("the apiserver serves no " + key);
        }
        return known;
    }

    public List<Obj> list(Resource resource) throws ClusterException, InterruptedException {
        return admin().list(resource, Selection.ALL).items();
    }

    /** Waits until it holds; at most 15 s. */
    public void await(String what, Check check) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!check.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 15 s: " + what);
            }
            Thread.sleep(5);
        }
    }

    /** A condition of the cluster. */
    public interface Check {
        boolean holds() throws Exception;
    }

    @Override
    public void close() throws Exception {
        server.end();
        closes.close();
    }
}
