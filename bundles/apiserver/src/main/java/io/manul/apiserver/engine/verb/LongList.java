package io.manul.apiserver.engine.verb;

import io.manul.api.http.ClientGone;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.KeyValue;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/**
 * A list that is too large to be copied as a whole: sent in pieces, so that it costs one piece of the heap, whatever the
 * client's pace. Another version goes on from the cursor, at the same revision: {@code 1;B;REVISION;KEY} after that key,
 * {@code 1;E} when everything was sent.
 */
final class LongList {

    /** Lists from this size on are sent this way. */
    static final int FROM_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 64 << 10;

    /** The same page once more, at a revision. */
    interface Again {
        ListVerb.Page at(long revision) throws ApiException;
    }

    private LongList() {
    }

    static void send(Call call, ListVerb.Page found, Again again)
            throws ApiException, Superseded, ClientGone, InterruptedException {
        ResumableStream stream = call.exchange().stream(200,
                Map.of("content-type", "application/json", "cache-control", "no-cache, private"));
        String[] at = stream.cursor().orElse("").split(";", 4);
        boolean resumed = at[0].equals("1");
        if (resumed && at[1].equals("E")) {
            stream.end();
            return;
        }
        ListVerb.Page page = resumed ? again.at(Long.parseLong(at[2])) : found;
        ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES + (8 << 10));
        if (!resumed) {
            piece.writeBytes(ListVerb.head(call, page));
        }
        boolean first = !resumed;
        for (KeyValue kv : page.items()) {
            if (resumed && kv.key().compareTo(at[3]) <= 0) {
                continue;
            }
            if (!first) {
                piece.write(',');
            }
            first = false;
            piece.writeBytes(ListVerb.item(call, kv));
            if (piece.size() >= PIECE_BYTES) {
                stream.emit(piece.toByteArray(), "1;B;" + page.revision() + ";" + kv.key());
                piece.reset();
            }
        }
        piece.writeBytes(Encoding.ascii("]}"));
        stream.emit(piece.toByteArray(), "1;E");
        stream.end();
    }
}
