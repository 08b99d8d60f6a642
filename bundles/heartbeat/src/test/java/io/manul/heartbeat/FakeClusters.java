package io.manul.heartbeat;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Clusters;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Listing;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An API that knows nodes and Leases by name, and tells each write: {@code USER RENEWTIME}. Can be away. */
final class FakeClusters implements Clusters {

    private final Map<String, Obj> objects = new HashMap<>();
    final BlockingQueue<String> writes = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private boolean away;

    synchronized FakeClusters node(String name) {
        objects.put("nodes/" + name, Obj.of("metadata", Obj.of("name", name, "uid", "uid-" + name)));
        return this;
    }

    synchronized void away(boolean yes) {
        away = yes;
    }

    synchronized Obj lease(String name) {
        return objects.get("leases/" + name);
    }

    /** The next write within the limit; empty when there was none. */
    String write(long millis) throws InterruptedException {
        String w = writes.poll(millis, TimeUnit.MILLISECONDS);
        return w == null ? "" : w;
    }

    /** Passes over writes of others until one of this user comes; fails after 25 s: a first heartbeat may find nobody listening, the next is 10 s later. */
    String writeOf(String user) throws InterruptedException {
        long end = System.nanoTime() + 25_000_000_000L;
        while (System.nanoTime() < end) {
            String w = write(1000);
            if (w.startsWith(user + " ")) {
                return w.substring(user.length() + 1);
            }
        }
        throw new AssertionError("no write of " + user + " within 25 s");
    }

    @Override
    public Cluster as(String user, List<String> groups, String room) {
        return new Identity(user);
    }

    private final class Identity implements Cluster {
        private final String user;

        Identity(String user) {
            this.user = user;
        }

        private void there() throws ClusterException {
            if (away) {
                throw new ClusterException(0, "", "the API is away", null);
            }
        }

        @Override
        public Optional<Obj> get(Resource resource, String namespace, String name) throws ClusterException {
            synchronized (FakeClusters.this) {
                there();
                return Optional.ofNullable(objects.get(resource.plural() + "/" + name)).map(Obj::copy);
            }
        }

        @Override
        public Obj patch(Resource resource, String namespace, String name, String sub, Patch type, Object body) throws ClusterException {
            synchronized (FakeClusters.this) {
                there();
                Obj o = objects.get(resource.plural() + "/" + name);
                if (o == null) {
                    throw new ClusterException(404, "NotFound", resource.plural() + " \"" + name + "\" not found", null);
                }
                o.put("spec", Obj.from(body).orElseThrow().at("spec"));
                writes.add(user + " " + o.text("spec", "renewTime"));
                return o.copy();
            }
        }

        @Override
        public Obj create(Resource resource, String namespace, Obj object) throws ClusterException {
            synchronized (FakeClusters.this) {
                there();
                if (objects.putIfAbsent(resource.plural() + "/" + object.name(), object.copy()) != null) {
                    throw new ClusterException(409, "AlreadyExists", "already exists", null);
                }
                writes.add(user + " " + object.text("spec", "renewTime"));
                return object;
            }
        }

        @Override
        public Events events(String component) {
            return new Events() {
                @Override
                public void normal(Obj about, String reason, String message) {
                    events.add(reason + ": " + message);
                }

                @Override
                public void warning(Obj about, String reason, String message) {
                    events.add(reason + ": " + message);
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };
        }

        @Override
        public Listing list(Resource resource, Selection selection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Obj update(Resource resource, String namespace, Obj object) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Obj update(Resource resource, String namespace, String sub, Obj object) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Obj post(Resource resource, String namespace, String name, String sub, Obj body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean delete(Resource resource, String namespace, String name, Propagation propagation, OptionalLong graceSeconds, String uid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Obj raw(String method, String pathAndQuery, Obj body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Informer informer(Resource resource, Selection selection) {
            throw new UnsupportedOperationException();
        }
    }
}
