package io.manul.apiserver.engine.verb;

import io.manul.api.gate.Unavailable;
import io.manul.api.http.ClientGone;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import io.manul.apiserver.engine.request.Accept;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Metrics;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.apiserver.engine.store.EventEncoder;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.engine.table.Tables;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * watch (Kubernetes, "API concepts": efficient detection of changes, watch bookmarks, streaming lists). The datastore's
 * revision is the position; each emit carries it as the stream's cursor, so another version of this room goes on without a
 * gap or a repetition. A new and a resumed watch take the same path. Lives on the exchange's virtual thread.
 */
public final class WatchVerb {

    private static final int BATCH = 200;
    private static final int CHUNK_BYTES = 32 << 10;
    private static final Duration BOOKMARK = Duration.ofSeconds(60);
    private static final Duration SHORTEST = Duration.ofSeconds(1800);

    private final Core core;
    private final Metrics metrics;

    public WatchVerb(Core core, Metrics metrics) {
        this.core = core;
        this.metrics = metrics;
    }

    public void run(Call call) throws Exception {
        Selection selection = Selection.of(call.served(), call.parameter("labelSelector"), call.parameter("fieldSelector"));
        boolean initial = WatchStart.initialList(call);
        Revisions.parse(call.parameter("resourceVersion"));
        if (call.accept().yaml()) {
            throw ApiException.notAcceptable("application/json, application/json;stream=watch");
        }
        // everything that may be refused is looked at before the answer begins
        Tables.include(call.parameter("includeObject"));
        long deadline = deadline(call);
        Scope scope = Scope.of(call, selection);
        ResumableStream stream = call.exchange().stream(200,
                Map.of("content-type", "application/json", "cache-control", "no-cache, private"));
        metrics.watches().incrementAndGet();
        try {
            new Run(call, selection, scope, stream, initial, deadline).run();
        } finally {
            metrics.watches().decrementAndGet();
        }
    }

    private long deadline(Call call) throws ApiException {
        String asked = call.parameter("timeoutSeconds");
        long seconds = SHORTEST.toSeconds() + core.random().nextLong(SHORTEST.toSeconds());
        try {
            long wanted = asked.isEmpty() ? 0 : Long.parseLong(asked);
            seconds = wanted > 0 ? wanted : seconds;
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("timeoutSeconds: Invalid value: \"" + asked + "\": must be a number");
        }
        return core.clock().millis() + seconds * 1000;
    }

    private final class Run {
        private final Call call;
        private final Selection selection;
        private final Scope scope;
        private final ResumableStream stream;
        private final boolean initial;
        private final long deadline;
        private final WatchEvents events;
        private final boolean bookmarks;
        private final boolean announce;
        private WatchCursor at;
        private long nextBookmark;

        Run(Call call, Selection selection, Scope scope, ResumableStream stream, boolean initial, long deadline)
                throws ApiException {
            this.call = call;
            this.selection = selection;
            this.scope = scope;
            this.stream = stream;
            this.initial = initial;
            this.deadline = deadline;
            this.bookmarks = call.flag("allowWatchBookmarks");
            this.announce = call.flag("sendInitialEvents") && bookmarks;
            this.events = new WatchEvents(call, core, selection, stream.cursor().isPresent());
            this.nextBookmark = core.clock().millis() + BOOKMARK.toMillis();
        }

        void run() throws Exception {
            try {
                at = begin();
                if (at.listing()) {
                    list();
                }
                while (follow()) {
                    bookmark();
                }
                stream.end();
            } catch (DatastoreException e) {
                fail(e.reason() == DatastoreException.Reason.COMPACTED
                        ? ApiException.expired("too old resource version: " + at.revision() + " (" + e.compactRevision() + ")")
                        : Failures.of(e));
            } catch (ApiException e) {
                fail(e);
            } catch (Unavailable e) {
                fail(ApiException.unavailable(e.getMessage()));
            }
        }

        private WatchCursor begin() throws ApiException, DatastoreException {
            Optional<WatchCursor> resumed = WatchCursor.parse(stream.cursor());
            if (resumed.isPresent()) {
                return resumed.get();
            }
            long asked = Revisions.parse(call.parameter("resourceVersion"));
            WatchCursor first = WatchCursor.watching(asked, deadline);
            if (!initial) {
                return asked == 0 ? first.at(core.datastore().currentRevision()) : first;
            }
            return new WatchCursor(true, Math.max(core.datastore().currentRevision(), asked), first.deadline(), "");
        }

        /** The initial list as ADDED events, at one revision. */
        private void list() throws DatastoreException, ApiException, Superseded, ClientGone, InterruptedException {
            String from = at.key().isEmpty() ? scope.from() : at.key() + "\0";
            for (;;) {
                Range page = core.datastore().range(from, scope.to(), BATCH, at.revision());
                ByteArrayOutputStream chunk = new ByteArrayOutputStream();
                for (KeyValue kv : page.items()) {
                    if (selection.isEmpty() || selection.matches(kv.key(), kv.value())) {
                        chunk.writeBytes(events.added(kv));
                    }
                    if (chunk.size() >= CHUNK_BYTES) {
                        at = at.after(kv.key());
                        stream.emit(chunk.toByteArray(), at.text());
                        chunk.reset();
                    }
                }
                if (!page.more()) {
                    if (announce) {
                        chunk.writeBytes(events.bookmark(at.revision(), true));
                    }
                    at = at.at(at.revision());
                    stream.emit(chunk.toByteArray(), at.text());
                    return;
                }
                from = page.items().getLast().key() + "\0";
                at = at.after(page.items().getLast().key());
                stream.emit(chunk.toByteArray(), at.text());
            }
        }

        /** Waits for changes and sends them; false when the watch's time is over. */
        private boolean follow() throws Exception {
            long now = core.clock().millis();
            long left = at.deadline() - now;
            if (left <= 0) {
                return false;
            }
            Duration wait = Duration.ofMillis(Math.max(1, Math.min(left, nextBookmark - now)));
            Datastore store = core.datastore();
            Batch batch = stream.idle(() -> store.poll(scope.from(), scope.to(), at.revision(), BATCH, wait));
            if (!batch.events().isEmpty()) {
                send(batch);
            }
            at = at.at(Math.max(at.revision(), batch.progress()));
            return true;
        }

        private void send(Batch batch) throws ApiException, Superseded, ClientGone, InterruptedException {
            ByteArrayOutputStream chunk = null;
            byte[] single = new byte[0];
            for (Event e : batch.events()) {
                byte[] line = events.line(e);
                if (line.length == 0) {
                    continue;
                }
                if (single.length == 0 && chunk == null) {
                    single = line;
                    continue;
                }
                if (chunk == null) {
                    chunk = new ByteArrayOutputStream(single.length + line.length);
                    chunk.writeBytes(single);
                }
                chunk.writeBytes(line);
            }
            byte[] out = chunk == null ? single : chunk.toByteArray();
            stream.emit(out, at.at(batch.progress()).text());
        }

        /** About every minute: the client learns how far it is; without bookmarks only the cursor goes on. */
        private void bookmark() throws Superseded, ClientGone, InterruptedException {
            if (core.clock().millis() < nextBookmark) {
                return;
            }
            nextBookmark = core.clock().millis() + BOOKMARK.toMillis();
            boolean show = bookmarks && call.accept().as() != Accept.As.TABLE;
            stream.emit(show ? events.bookmark(at.revision(), false) : new byte[0], at.text());
        }

        private void fail(ApiException e) throws Superseded, ClientGone, InterruptedException {
            stream.emit(EventEncoder.line("ERROR", e.status().bytes()), stream.cursor().orElse("1;W;0;0"));
            stream.end();
        }
    }
}
