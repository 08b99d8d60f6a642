package io.manul.apiserver.engine.boot;

import io.manul.api.gate.Unavailable;
import io.manul.apiserver.engine.crd.CrdCleanup;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.Keys;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows CustomResourceDefinitions: empties those that are being deleted, and retries names that became free. */
public final class DefinitionLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionLoop.class);
    private static final User SERVER = new User("system:apiserver", List.of("system:masters"));
    private static final String GROUP = "apiextensions.k8s.io";
    private static final String PLURAL = "customresourcedefinitions";
    /** Shorter than {@link Compaction} keeps history: one that waits longer has lost its place. */
    private static final Duration QUIET = Duration.ofMinutes(2);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Core core;
    private final Writes writes;
    private final CrdCleanup cleanup;
    private final Thread thread = Thread.ofVirtual().name("definitions").unstarted(this::run);

    public DefinitionLoop(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
        this.cleanup = new CrdCleanup((group, version, plural) -> core.reader().list(group, plural, ""), this::delete, this::update);
    }

    public DefinitionLoop start() {
        thread.start();
        return this;
    }

    private void run() {
        String prefix = Keys.prefix(GROUP, PLURAL);
        long seen = 0;
        Duration wait = Duration.ZERO;
        try {
            for (;;) {
                try {
                    long from = seen == 0 ? core.datastore().currentRevision() : seen;
                    Batch batch = core.datastore().poll(prefix, Datastore.end(prefix), from, 100, wait);
                    seen = batch.progress();
                    wait = pass(!batch.events().isEmpty()) ? QUIET : AGAIN;
                } catch (DatastoreException | Unavailable | ApiException e) {
                    LOG.warn("CustomResourceDefinitions were not followed; tried again why={}", e.getMessage());
                    seen = 0;
                    wait = AGAIN;
                    Thread.sleep(AGAIN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when something waits for finalizers of its objects */
    private boolean pass(boolean changed) throws ApiException {
        boolean done = true;
        List<Obj> all = core.reader().list(GROUP, PLURAL, "");
        for (Obj crd : all) {
            done &= cleanup.run(crd);
        }
        if (changed) {
            cleanup.retryNames(core.reader().list(GROUP, PLURAL, ""));
        }
        return done;
    }

    private Target target(String group, String version, String plural, String namespace, String name) throws ApiException {
        Served served = core.catalog().find(group, version, plural).orElseThrow(ApiException::noResource);
        return new Target(served, namespace, name, "", SERVER, false, Obj.of(), new ArrayList<>());
    }

    private void delete(String group, String version, String plural, String namespace, String name) throws ApiException {
        try {
            writes.deleter().delete(target(group, version, plural, namespace, name));
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private Obj update(Obj crd) throws ApiException {
        Target t = target(GROUP, "v1", PLURAL, "", crd.name());
        Stored s = writes.changer().change(t, current -> crd.copy());
        return Encoding.parse(s.value(), s.revision());
    }

    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(2));
    }
}
