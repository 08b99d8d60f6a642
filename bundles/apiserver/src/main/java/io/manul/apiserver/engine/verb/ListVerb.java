package io.manul.apiserver.engine.verb;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Superseded;
import io.manul.apiserver.engine.request.Accept;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.engine.table.Tables;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.json.Obj;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * list: a consistent read of a collection (Kubernetes, "API concepts": collections, chunks, resource versions). Without
 * selectors nothing is parsed: stored arrays are copied into the answer.
 */
public final class ListVerb {

    /** How many keys are looked at in one step when a selector may pass over most of them. */
    private static final int STEP = 500;

    private final Core core;

    public ListVerb(Core core) {
        this.core = core;
    }

    /**
     * @param revision  the revision it shows
     * @param next      token for the rest; empty when complete
     * @param remaining how many are left; -1 when not known
     */
    record Page(List<KeyValue> items, long revision, String next, long remaining) {
    }

    public void run(Call call) throws ApiException, Superseded, ClientGone, InterruptedException {
        Selection selection = Selection.of(call.served(), call.parameter("labelSelector"), call.parameter("fieldSelector"));
        Page page = page(call, selection);
        if (call.accept().as() == Accept.As.TABLE) {
            Replies.json(call, 200, table(call, page));
        } else if (size(page) >= LongList.FROM_BYTES && !call.accept().yaml() && !call.accept().pretty()) {
            if (call.exchange().upgrade()) {
                // its pieces would be WebSocket messages
                throw ApiException.badRequest("a list of this size is not an answer to a request for a protocol upgrade:"
                        + " ask without Upgrade, with a limit, or watch");
            }
            LongList.send(call, page, revision -> page(call, selection, revision));
        } else {
            Replies.json(call, 200, list(call, page));
        }
    }

    Page page(Call call, Selection selection) throws ApiException {
        return page(call, selection, 0);
    }

    /** @param pinned the revision to read at, whatever the request says; 0 for what the request says */
    private Page page(Call call, Selection selection, long pinned) throws ApiException {
        Scope scope = Scope.of(call, selection);
        long limit = limit(call.parameter("limit"));
        String token = call.parameter("continue");
        checkMatch(call, token);
        Continue from = token.isEmpty() ? new Continue(start(call, limit), "") : Continue.parse(token);
        String first = from.start().isEmpty() ? scope.from() : call.prefix() + from.start();
        try {
            return read(call, selection, first, scope.to(), (int) limit,
                    pinned > 0 ? pinned : Math.max(0, from.revision()));
        } catch (DatastoreException e) {
            if (e.reason() == DatastoreException.Reason.COMPACTED && !token.isEmpty()) {
                throw tokenExpired(from);
            }
            throw Failures.of(e);
        }
    }

    private Page read(Call call, Selection selection, String first, String to, int limit, long revision)
            throws DatastoreException {
        if (selection.isEmpty()) {
            Range r = core.datastore().range(first, to, limit, revision);
            String next = r.more() ? next(call, r.items().getLast().key(), r.revision()) : "";
            return new Page(r.items(), r.revision(), next, r.more() ? r.count() - r.items().size() : -1);
        }
        List<KeyValue> out = new ArrayList<>();
        String from = first;
        long at = revision;
        for (;;) {
            Range r = core.datastore().range(from, to, limit == 0 ? 0 : Math.max(limit, STEP), at);
            at = r.revision();
            for (KeyValue kv : r.items()) {
                if (!selection.matches(kv.key(), kv.value())) {
                    continue;
                }
                if (limit > 0 && out.size() == limit) {
                    return new Page(out, at, next(call, out.getLast().key(), at), -1);
                }
                out.add(kv);
            }
            if (!r.more()) {
                return new Page(out, at, "", -1);
            }
            from = r.items().getLast().key() + "\0";
        }
    }

    private static String next(Call call, String lastKey, long revision) {
        return new Continue(revision, lastKey.substring(call.prefix().length()) + "\0").token();
    }

    /** The revision to read at; 0 for now. */
    private long start(Call call, long limit) throws ApiException {
        String version = call.parameter("resourceVersion");
        long revision = Revisions.parse(version);
        boolean exact = call.parameter("resourceVersionMatch").equals("Exact")
                || limit > 0 && call.parameter("resourceVersionMatch").isEmpty();
        try {
            Revisions.notOlder(core, version);
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
        return exact ? revision : 0;
    }

    private static void checkMatch(Call call, String token) throws ApiException {
        String match = call.parameter("resourceVersionMatch");
        String version = call.parameter("resourceVersion");
        if (call.exchange().parameter("sendInitialEvents").isPresent()) {
            throw forbidden("sendInitialEvents", "Forbidden: sendInitialEvents is forbidden for list");
        }
        if (match.isEmpty()) {
            if (!token.isEmpty() && !version.isEmpty() && !version.equals("0")) {
                throw ApiException.badRequest("specifying resource version is not allowed when using continue");
            }
            return;
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            throw ApiException.invalid("meta.k8s.io", "ListOptions", "",
                    new FieldErrors().notSupported("resourceVersionMatch", match, Set.of("Exact", "NotOlderThan", "")));
        }
        if (!token.isEmpty()) {
            throw forbidden("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden when continue is provided");
        }
        if (version.isEmpty()) {
            throw forbidden("resourceVersionMatch",
                    "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (match.equals("Exact") && version.equals("0")) {
            throw forbidden("resourceVersionMatch",
                    "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    static ApiException forbidden(String field, String why) {
        return new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: " + field + ": " + why,
                Obj.of("group", "meta.k8s.io", "kind", "ListOptions",
                        "causes", List.of(Obj.of("reason", "FieldValueForbidden", "message", why, "field", field))));
    }

    private static long limit(String text) throws ApiException {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Math.clamp(Long.parseLong(text), 0, Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("limit: Invalid value: \"" + text + "\": must be a number");
        }
    }

    private static ApiException tokenExpired(Continue from) {
        ApiException e = ApiException.expired("The provided continue parameter is too old to display a consistent list result. "
                + "You can start a new list without the continue parameter, or use the continue token in this response to "
                + "retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - "
                + "objects that were created, modified, or deleted between the time the first chunk was returned and now may "
                + "show up in the list.");
        e.status().make("metadata").put("continue", new Continue(-1, from.start()).token());
        return e;
    }

    // ---- the answer

    private static Obj metadata(Page page) {
        return Obj.of("resourceVersion", Long.toString(page.revision()), "continue", page.next().isEmpty() ? null : page.next(),
                "remainingItemCount", page.remaining() < 0 ? null : page.remaining());
    }

    static int size(Page page) {
        int size = 256;
        for (KeyValue kv : page.items()) {
            size += kv.value().length + 64;
        }
        return size;
    }

    private static boolean partial(Call call) {
        return call.accept().as() == Accept.As.PARTIAL;
    }

    /** Up to the first item. */
    static byte[] head(Call call, Page page) {
        String kind = partial(call) ? "PartialObjectMetadataList" : call.served().resource().listKind();
        String apiVersion = partial(call) ? "meta.k8s.io/v1" : call.served().resource().apiVersion();
        return Encoding.ascii("{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":" + metadata(page)
                + ",\"items\":[");
    }

    static byte[] item(Call call, KeyValue kv) {
        return partial(call) ? Tables.partial(kv.value(), kv.modRevision())
                : call.served().form().out(kv.value(), kv.modRevision());
    }

    static byte[] list(Call call, Page page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size(page));
        out.writeBytes(head(call, page));
        boolean first = true;
        for (KeyValue kv : page.items()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(item(call, kv));
        }
        out.writeBytes(Encoding.ascii("]}"));
        return out.toByteArray();
    }

    private byte[] table(Call call, Page page) throws ApiException {
        Tables.Include include = Tables.include(call.parameter("includeObject"));
        byte[] head = Tables.head(call.served(), metadata(page), true).bytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + 512 * page.items().size());
        out.write(head, 0, head.length - 1);   // its last brace comes behind the rows
        out.writeBytes(Encoding.ascii(",\"rows\":["));
        boolean first = true;
        for (KeyValue kv : page.items()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(Tables.row(call.served(), Encoding.parse(kv.value(), kv.modRevision()), include, core.now()).bytes());
        }
        out.writeBytes(Encoding.ascii("]}"));
        return out.toByteArray();
    }
}
