package io.manul.apiserver.engine.request;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Superseded;
import io.manul.apiserver.auth.authn.ServiceAccountTokens;
import io.manul.apiserver.openapi.Document;
import io.manul.apiserver.openapi.Documents;
import io.manul.apiserver.openapi.DynamicTypes;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Everything that is no resource: version, health, metrics, discovery, OpenAPI, the token issuer's keys. */
final class Paths {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final List<String> INDEX = List.of("/.well-known/openid-configuration", "/api", "/api/v1", "/apis", "/healthz",
            "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version");

    private final Core core;
    private final Documents documents;
    private final DynamicTypes custom;
    private final ServiceAccountTokens tokens;
    private final Metrics metrics;
    private final Health health;
    private final StaticFiles files;

    Paths(Core core, Documents documents, DynamicTypes custom, ServiceAccountTokens tokens, Metrics metrics, BooleanSupplier booted) {
        this.core = core;
        this.documents = documents;
        this.custom = custom;
        this.tokens = tokens;
        this.metrics = metrics;
        this.health = new Health(core.datastore(), booted);
        this.files = new StaticFiles(core.settings().dataDir().resolve("server/static"));
    }

    void run(Exchange x) throws ApiException, Superseded, ClientGone, InterruptedException {
        if (!x.method().equals("GET") && !x.method().equals("HEAD")) {
            throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Obj.of());
        }
        switch (x.path()) {
            case "/" -> x.reply(200, JSON, Obj.of("paths", INDEX).bytes());
            case "/version", "/version/" -> x.reply(200, JSON, version().bytes());
            case "/metrics" -> metrics(x);
            case "/openid/v1/jwks" -> x.reply(200, Map.of("content-type", "application/jwk-set+json"), tokens.keySet().bytes());
            case "/.well-known/openid-configuration" -> x.reply(200, JSON, tokens.configuration("https://" + core.settings().nodeIp() + ":"
                    + core.settings().httpsPort()).bytes());
            default -> {
                if (x.path().startsWith(StaticFiles.PREFIX)) {
                    files.answer(x);
                } else if (!health.answer(x)) {
                    document(x);
                }
            }
        }
    }

    private Obj version() {
        return Obj.of("major", "1", "minor", "36", "gitVersion", "v1.36.2+manul." + core.settings().version(), "gitCommit", "", "gitTreeState", "clean",
                "buildDate", "1970-01-01T00:00:00Z", "goVersion", "", "compiler", "javac " + Runtime.version().feature(),
                "platform", "linux/" + architecture());
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private void metrics(Exchange x) throws ApiException {
        try {
            Datastore store = core.datastore();
            Map<String, Long> objects = new TreeMap<>();
            for (io.manul.schema.Resource r : core.catalog().schema().resources()) {
                String prefix = io.manul.apiserver.engine.store.Keys.prefix(r.group(), r.plural());
                long n = store.count(prefix, Datastore.end(prefix));
                if (n > 0) {
                    objects.put(r.groupResource(), n);
                }
            }
            x.reply(200, Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8"),
                    metrics.text(store.sizeBytes(), objects).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (DatastoreException e) {
            throw io.manul.apiserver.engine.store.Failures.of(e);
        }
    }

    private void document(Exchange x) throws ApiException {
        Optional<Document> found = documents.get(x.path(), String.join(",", x.headers().getOrDefault("accept", List.of())), custom);
        Document d = found.orElseThrow(ApiException::noResource);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", d.contentType());
        headers.put("etag", d.etag());
        headers.put("vary", "Accept, Accept-Encoding");
        String hash = x.parameter("hash").orElse("");
        boolean named = !hash.isEmpty() && d.etag().replace("\"", "").equals(hash);
        headers.put("cache-control", named ? "public, immutable, max-age=31536000" : "public, max-age=0");
        if (x.header("if-none-match").map(v -> v.contains(d.etag())).orElse(false)) {
            x.reply(304, headers, new byte[0]);
            return;
        }
        Optional<byte[]> gzip = x.header("accept-encoding").filter(v -> v.contains("gzip")).flatMap(v -> d.gzip());
        gzip.ifPresent(g -> headers.put("content-encoding", "gzip"));
        x.reply(200, headers, x.method().equals("HEAD") ? new byte[0] : gzip.orElseGet(d::body));
    }
}
