package io.manul.updater.internal;

import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a collection of the API has an object: one is asked for, then a watch of the metadata tells when the answer may have
 * changed. A collection that is not served (a custom resource to come) is asked for again when a definition comes.
 * Runs on a virtual thread of its own.
 */
final class Presence implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final String METADATA = "application/json;as=PartialObjectMetadata%s;g=meta.k8s.io;v=v1";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final Peer.Internal WHO = new Peer.Internal("system:apiserver", List.of("system:masters"), "updater");
    private static final Duration WAIT = Duration.ofMinutes(5);
    /** Many deletions are one reason to look again. */
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final long SERVED_FIRST_MILLIS = 20;
    private static final long SERVED_MOST_MILLIS = 3_000;
    private static final long RETRY_FIRST_MILLIS = 100;
    private static final long RETRY_MOST_MILLIS = 30_000;

    /** @param served false: there is no such collection yet */
    private record Answer(boolean served, boolean present, String version) {
    }

    private final String collection;
    private final Supplier<Optional<Loopback>> loopback;
    private final Runnable changed;
    private volatile boolean present;

    /** @param collection path, with a query for a selector if need be */
    Presence(String collection, Supplier<Optional<Loopback>> loopback, Runnable changed) {
        this.collection = collection;
        this.loopback = loopback;
        this.changed = changed;
    }

    boolean present() {
        return present;
    }

    /** Asks once. @return false when the API could not say */
    boolean look() throws InterruptedException {
        try {
            tell(ask(collection).present);
            return true;
        } catch (IOException e) {
            LOG.warn("The API does not say whether a collection has objects collection={} why={}", collection, e.getMessage());
            return false;
        }
    }

    @Override
    public void run() {
        long retry = RETRY_FIRST_MILLIS;
        try {
            while (!Thread.interrupted()) {
                try {
                    Answer answer = ask(collection);
                    tell(answer.present);
                    if (answer.served) {
                        follow(collection, answer.version, answer.present ? "DELETED" : "ADDED");
                    } else {
                        awaitServed();
                    }
                    retry = RETRY_FIRST_MILLIS;
                } catch (IOException e) {
                    LOG.debug("Asked again collection={} within={}ms why={}", collection, retry, e.getMessage());
                    Thread.sleep(retry);
                    retry = Math.min(RETRY_MOST_MILLIS, retry * 2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ended
        }
    }

    /**
     * The definitions are asked first, so that one that comes after is in the watch; a definition that is there is served a moment
     * later, without an event.
     */
    private void awaitServed() throws IOException, InterruptedException {
        String version = ask(DEFINITIONS).version;
        for (long wait = SERVED_FIRST_MILLIS; wait < SERVED_MOST_MILLIS; wait *= 2) {
            if (ask(collection).served) {
                return;
            }
            Thread.sleep(wait);
        }
        follow(DEFINITIONS, version, "MODIFIED"); // its condition Established
    }

    private void tell(boolean now) {
        if (present != now) {
            present = now;
            changed.run();
        }
    }

    private Answer ask(String path) throws IOException, InterruptedException {
        Loopback.Response response = api().call("apiserver", request(path + (path.contains("?") ? "&" : "?") + "limit=1", "List"));
        if (response.status() == 404) {
            return new Answer(false, false, "");
        }
        if (response.status() != 200) {
            throw new IOException("status " + response.status());
        }
        try {
            Obj list = Obj.parse(response.body());
            return new Answer(true, !list.objects("items").isEmpty(), list.at("metadata").text("resourceVersion"));
        } catch (JsonException e) {
            throw new IOException("no list: " + e.getMessage(), e);
        }
    }

    /** Returns once such an event came, or the watch ended and it is time to look again. */
    private void follow(String path, String version, String event) throws IOException, InterruptedException {
        String target = path + (path.contains("?") ? "&" : "?") + "watch=1&resourceVersion=" + version;
        try (Loopback.Stream watch = api().open("apiserver", request(target, ""))) {
            while (watch.status() == 200 && !watch.ended()) {
                Optional<byte[]> chunk = watch.next(WAIT);
                if (chunk.isPresent() && tells(chunk.get(), event)) {
                    if (event.equals("DELETED")) {
                        Thread.sleep(CALM);
                    }
                    return;
                }
            }
            if (watch.status() != 200) {
                throw new IOException("status " + watch.status());
            }
        }
    }

    /** One event a line, its type first, as the apiserver writes them. */
    private static boolean tells(byte[] chunk, String event) {
        return new String(chunk, StandardCharsets.UTF_8).lines()
                .anyMatch(l -> l.startsWith("{\"type\":\"" + event + "\"") || l.startsWith("{\"type\":\"ERROR\""));
    }

    private Loopback api() throws IOException {
        return loopback.get().orElseThrow(() -> new IOException("the listener is not there"));
    }

    private static Loopback.Request request(String target, String list) {
        return new Loopback.Request("GET", target, Map.of("accept", METADATA.formatted(list)), new byte[0], WHO);
    }
}
