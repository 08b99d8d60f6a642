package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a node needs to run the pods it has, and answers with it while no server does: a node that starts alone lists its pods,
 * their ConfigMaps, Secrets and tokens, and the Services, as it last saw them. Writes are never answered.
 */
final class Remembering implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Remembering.class);
    private static final Pattern ONE = Pattern.compile("/api/v1/(namespaces/[^/?]+/(configmaps|secrets|persistentvolumeclaims)|persistentvolumes|nodes)/[^/?]+");
    private static final Pattern TOKEN = Pattern.compile("/api/v1/namespaces/[^/?]+/serviceaccounts/[^/?]+/token");
    private static final Pattern MANY = Pattern.compile("/api/v1/(nodes|services|namespaces|pods|namespaces/kube-system/configmaps)"
            + "|/apis/discovery\\.k8s\\.io/v1/endpointslices|/apis/networking\\.k8s\\.io/v1/networkpolicies");

    private final Transport real;
    private final Shelf shelf;
    /** Files of the pages of a list that is being read. */
    private final Map<String, Set<String>> pages = new ConcurrentHashMap<>();

    Remembering(Transport real, Shelf shelf) {
        this.real = real;
        this.shelf = shelf;
    }

    /** The same for a list, its pages and its watch; empty for what is not remembered. */
    private static Optional<String> list(String target, Map<String, String> headers) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String selectors = mark < 0 ? "" : String.join("&", List.of(target.substring(mark + 1).split("&")).stream()
                .filter(p -> p.startsWith("labelSelector=") || p.startsWith("fieldSelector=")).sorted().toList());
        boolean wanted = MANY.matcher(path).matches() && (!path.endsWith("/pods") || selectors.contains("spec.nodeName"));
        boolean parts = headers.getOrDefault("accept", "").contains("PartialObjectMetadata");
        return wanted ? Optional.of(path + "?" + selectors + (parts ? " metadata" : "")) : Optional.empty();
    }

    private static Optional<String> one(String method, String target, byte[] body) {
        if (method.equals("GET")) {
            return ONE.matcher(target).matches() ? Optional.of(target) : Optional.empty();
        }
        if (!method.equals("POST") || !TOKEN.matcher(target).matches()) {
            return Optional.empty();
        }
        Obj spec = Obj.parse(body).at("spec");
        return Optional.of(target + " " + String.join(",", spec.strings("audiences")) + " " + spec.text("boundObjectRef", "uid"));
    }

    @Override
    public Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body) throws IOException, InterruptedException {
        Optional<String> one = one(method, target, body);
        Optional<String> many = method.equals("GET") ? list(target, headers) : Optional.empty();
        if (one.isEmpty() && many.isEmpty()) {
            return real.call(method, target, headers, body);
        }
        try {
            Loopback.Response r = real.call(method, target, headers, body);
            try {
                if (one.isPresent()) {
                    keep(one.get(), r);
                } else if (r.status() == 200) {
                    keepList(many.get(), target, Obj.parse(r.body()));
                }
            } catch (IOException | JsonException e) {
                LOG.warn("An answer of the API cannot be remembered target={} why={}", target, e.toString());
            }
            return r;
        } catch (IOException e) {
            Optional<byte[]> known = one.isPresent() ? shelf.recall(one.get())
                    : target.contains("&continue=") ? Optional.empty() : shelf.recallList(many.get()).map(Obj::bytes);
            if (known.isEmpty()) {
                throw e;
            }
            LOG.debug("No server answers; what was known before is used target={}", target);
            return new Loopback.Response(200, Map.of("content-type", "application/json"), known.get());
        }
    }

    private void keep(String key, Loopback.Response r) {
        if (r.status() == 404) {
            shelf.forget(key);
        } else if (r.status() < 300) {
            shelf.keep(key, r.body());
        }
    }

    private void keepList(String key, String target, Obj page) throws IOException {
        Set<String> seen = target.contains("&continue=") ? pages.getOrDefault(key, new HashSet<>()) : new HashSet<>();
        boolean last = page.text("metadata", "continue").isEmpty();
        shelf.keepList(key, page, last, seen);
        if (last) {
            pages.remove(key);
        } else {
            pages.put(key, seen);
        }
    }

    @Override
    public Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException {
        Loopback.Stream stream = real.open(target, headers);
        Optional<String> key = list(target, headers);
        return key.isPresent() && stream.status() == 200 ? new Heard(stream, key.get()) : stream;
    }

    @Override
    public Optional<Duration> silence() {
        return real.silence();
    }

    /** A watch, listened to. */
    private final class Heard implements Loopback.Stream {
        private final Loopback.Stream real;
        private final String key;
        private final Lines lines = new Lines();

        Heard(Loopback.Stream real, String key) {
            this.real = real;
            this.key = key;
        }

        @Override
        public int status() {
            return real.status();
        }

        @Override
        public Optional<byte[]> next(Duration wait) throws IOException, InterruptedException {
            Optional<byte[]> chunk = real.next(wait);
            if (chunk.isPresent()) {
                for (byte[] line : lines.add(chunk.get())) {
                    try {
                        shelf.keepEvent(key, Obj.parse(line));
                    } catch (IOException | JsonException e) {
                        LOG.warn("An event cannot be remembered list={} why={}", key, e.toString());
                    }
                }
            }
            return chunk;
        }

        @Override
        public boolean ended() {
            return real.ended();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
