package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Accept;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.EventEncoder;
import io.manul.apiserver.engine.table.Tables;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.json.Obj;

/**
 * The lines of one watch: which changes it sees, as what. An object that comes to match the selectors is ADDED, one that
 * ceases to is DELETED (with its last matching state), as upstream does.
 */
final class WatchEvents {

    private static final byte[] NONE = new byte[0];

    private final Call call;
    private final Core core;
    private final Selection selection;
    private final Tables.Include include;
    private boolean columnsSent;

    /** @param resumed the client has seen a table's columns already */
    WatchEvents(Call call, Core core, Selection selection, boolean resumed) throws ApiException {
        this.call = call;
        this.core = core;
        this.selection = selection;
        this.include = Tables.include(call.parameter("includeObject"));
        this.columnsSent = resumed;
    }

    byte[] added(KeyValue kv) throws ApiException {
        return encode("ADDED", kv.key(), kv.value(), kv.modRevision(), false);
    }

    /** Empty when this watch does not see the change. */
    byte[] line(Event e) throws ApiException {
        KeyValue now = e.current();
        KeyValue before = e.previous();
        boolean is = e.type() == Event.Type.PUT && matches(now);
        boolean was = before != null && matches(before);
        if (is) {
            return encode(was ? "MODIFIED" : "ADDED", now.key(), now.value(), e.revision(), true);
        }
        return was ? encode("DELETED", before.key(), before.value(), e.revision(), true) : NONE;
    }

    private boolean matches(KeyValue kv) {
        return selection.isEmpty() || selection.matches(kv.key(), kv.value());
    }

    private byte[] encode(String type, String key, byte[] value, long revision, boolean shared) throws ApiException {
        if (call.accept().as() == Accept.As.TABLE) {
            Obj table = Tables.of(call.served(), Encoding.parse(value, revision), include, core.now(), !columnsSent);
            columnsSent = true;
            return EventEncoder.line(type, table.bytes());
        }
        boolean partial = call.accept().as() == Accept.As.PARTIAL;
        String form = partial ? "partial" : call.served().form().apiVersion();
        if (!shared) {
            return EventEncoder.line(type, object(partial, value, revision));
        }
        return core.events().encode(revision, key, type, form, () -> object(partial, value, revision));
    }

    private byte[] object(boolean partial, byte[] value, long revision) {
        return partial ? Tables.partial(value, revision) : call.served().form().out(value, revision);
    }

    /** @param initialEnd the mark behind the initial list */
    byte[] bookmark(long revision, boolean initialEnd) {
        boolean partial = call.accept().as() == Accept.As.PARTIAL;
        Obj metadata = Obj.of("resourceVersion", Long.toString(revision));
        if (initialEnd) {
            metadata.put("annotations", Obj.of("k8s.io/initial-events-end", "true"));
        }
        Obj object = Obj.of("kind", partial ? "PartialObjectMetadata" : call.served().resource().kind(),
                "apiVersion", partial ? "meta.k8s.io/v1" : call.served().resource().apiVersion(), "metadata", metadata);
        return EventEncoder.line("BOOKMARK", object.bytes());
    }
}
