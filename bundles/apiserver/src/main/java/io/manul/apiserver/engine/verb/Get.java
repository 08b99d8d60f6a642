package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.KeyValue;

/** get: one object as it is now. A resourceVersion in the query is satisfied by that, or lies in the future. */
public final class Get {

    private final Core core;

    public Get(Core core) {
        this.core = core;
    }

    public void run(Call call) throws ApiException {
        KeyValue kv = stored(call);
        Views.reply(call, 200, kv.value(), kv.modRevision(), core.now());
    }

    KeyValue stored(Call call) throws ApiException {
        try {
            Revisions.notOlder(core, call.parameter("resourceVersion"));
            return core.datastore().get(call.key(), 0).orElseThrow(call::notFound);
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }
}
