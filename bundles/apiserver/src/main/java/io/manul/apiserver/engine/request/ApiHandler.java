package io.manul.apiserver.engine.request;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.http.Superseded;
import io.manul.apiserver.auth.Auth;
import io.manul.apiserver.auth.Authorizers;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.openapi.Documents;
import io.manul.apiserver.openapi.DynamicTypes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.FieldSelector;
import io.manul.apiserver.spi.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** The way of a request: who, may they, what. Every refusal is a Status. Safe from any thread. */
public final class ApiHandler implements Handler {

    /** As upstream's --max-requests-inflight and --max-mutating-requests-inflight. */
    private static final int MOST_READS = 400;
    private static final int MOST_WRITES = 200;
    private static final Set<String> READS = Set.of("get", "list", "head", "options");
    private static final Set<String> LONG = Set.of("log", "exec", "attach", "portforward", "proxy");

    private final Auth auth;
    private final Paths paths;
    private final RoomApis rooms;
    private final Resources resources;
    private final Metrics metrics;
    private final Semaphore reads = new Semaphore(MOST_READS);
    private final Semaphore writes = new Semaphore(MOST_WRITES);

    public ApiHandler(Core core, Auth auth, Writes ways, Documents documents, DynamicTypes custom, Metrics metrics, BooleanSupplier booted) {
        this.auth = auth;
        this.metrics = metrics;
        this.rooms = new RoomApis(custom, core.settings().disable());
        this.paths = new Paths(core, documents, rooms, auth.tokens(), metrics, booted);
        this.resources = new Resources(core, auth, ways, metrics);
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        Answered x = new Answered(exchange);
        RequestInfo info = RequestInfo.of(x);
        long start = System.nanoTime();
        int otherwise = 500; // the listener's answer to what is thrown here
        try {
            answer(x, info);
            otherwise = 200; // handed to another room
        } catch (Superseded | ClientGone e) {
            otherwise = 0;
            throw e;
        } finally {
            metrics.count(info, x.status() == 0 ? otherwise : x.status(), System.nanoTime() - start);
        }
    }

    private void answer(Exchange x, RequestInfo info) throws Exception {
        List<String> warnings = new ArrayList<>();
        try {
            User user = auth.authenticator().authenticate(x);
            authorize(x, info, user);
            bounded(x, info, user, warnings);
        } catch (ApiException e) {
            Replies.failure(x, e, warnings);
        }
    }

    private void authorize(Exchange x, RequestInfo info, User user) throws ApiException {
        Attributes a = new Attributes(user, info.verb(), info.group(), info.version(), info.resource(), info.subresource(), info.namespace(),
                info.name(), info.path(), info.resourceRequest(), fields(x, info));
        Decision d = auth.authorizer().authorize(a);
        if (!d.allowed()) {
            throw Authorizers.forbidden(a, d);
        }
    }

    /** A selector that cannot be read limits nothing here; the verb refuses it later. */
    private static FieldSelector fields(Exchange x, RequestInfo info) {
        try {
            return info.resourceRequest() && info.collection() ? FieldSelector.parse(x.parameter("fieldSelector").orElse("")) : FieldSelector.ALL;
        } catch (ApiException e) {
            return FieldSelector.ALL;
        }
    }

    private void bounded(Exchange x, RequestInfo info, User user, List<String> warnings) throws Exception {
        if (info.verb().equals("watch") || LONG.contains(info.subresource()) || !info.resourceRequest()) {
            run(x, info, user, warnings);
            return;
        }
        Semaphore room = READS.contains(info.verb()) ? reads : writes;
        if (!room.tryAcquire()) {
            throw ApiException.tooManyRequests("too many requests are in flight, please try again later", 1);
        }
        metrics.inFlight().incrementAndGet();
        try {
            run(x, info, user, warnings);
        } finally {
            metrics.inFlight().decrementAndGet();
            room.release();
        }
    }

    private void run(Exchange x, RequestInfo info, User user, List<String> warnings) throws Exception {
        Optional<String> room = info.resourceRequest() ? rooms.room(info.group()) : Optional.empty();
        if (room.isPresent()) {
            x.forward(room.get(), x.target(), new Peer.Internal(user.name(), user.groups(), "apiserver"));
        } else if (info.resourceRequest()) {
            resources.run(x, info, user, warnings);
        } else {
            paths.run(x);
        }
    }
}
