package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.table.Tables;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.time.Instant;

/** One stored object as the client wants to see it. */
public final class Views {

    private Views() {
    }

    /** @param revision 0 for what was not stored (dry run) */
    static byte[] of(Call call, byte[] stored, long revision, Instant now) throws ApiException {
        return switch (call.accept().as()) {
            case OBJECT -> call.served().form().out(stored, revision);
            case PARTIAL -> Tables.partial(stored, revision);
            case TABLE -> Tables.of(call.served(), parsed(stored, revision), Tables.include(call.parameter("includeObject")), now,
                    true).bytes();
        };
    }

    public static void reply(Call call, int status, byte[] stored, long revision, Instant now) throws ApiException {
        Replies.json(call, status, of(call, stored, revision, now));
    }

    private static Obj parsed(byte[] stored, long revision) {
        return revision == 0 ? Obj.parse(stored) : Encoding.parse(stored, revision);
    }
}
