package io.manul.apiserver.openapi;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The documents by which clients learn what is served. Paths: /api, /api/v1, /apis, /apis/G, /apis/G/V (legacy and aggregated
 * discovery), /openapi/v2, /openapi/v3, /openapi/v3/api/v1, /openapi/v3/apis/G/V. A document is made when it is first asked
 * for and kept, compressed, as long as memory allows. Safe from any thread.
 */
public final class Documents {

    private static final String JSON = "application/json";
    /** As upstream answers: Go's clients cannot parse the name with an at sign, by which they ask. */
    private static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final Set<String> V2_PROTOBUF_NAMES = Set.of(V2_PROTOBUF,
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

    /** One more than the longest path has. */
    private static final int MAX_SEGMENTS = 6;

    private final Schema schema;
    private final String serverAddress;
    /** Of code and tables; empty until it is needed. Computed twice at worst, to the same text. */
    private volatile String fingerprint = "";
    private volatile Generation current;

    /** @param serverAddress host and port of the API, as /api tells clients */
    public Documents(Schema schema, String serverAddress) {
        this.schema = schema;
        this.serverAddress = serverAddress;
        this.current = new Generation("", new Api(schema, DynamicTypes.none()));
    }

    /**
     * @param path without query
     * @param accept the Accept header; empty takes JSON
     * @return empty when no document stands at the path: the caller answers 404 or looks further
     * @throws ApiException 406 when the client takes none of the forms that the document has
     */
    public Optional<Document> get(String path, String accept, DynamicTypes extra) throws ApiException {
        if (path.length() < 2) {
            return Optional.empty();
        }
        String trimmed = path.substring(path.startsWith("/") ? 1 : 0, path.length() - (path.endsWith("/") ? 1 : 0));
        String[] segments = trimmed.split("/", MAX_SEGMENTS);
        if (List.of(segments).contains("")) {
            return Optional.empty();
        }
        return switch (segments[0]) {
            case "api", "apis" -> discovery(segments, Accept.parse(accept), generation(extra));
            case "openapi" -> openApi(segments, Accept.parse(accept), generation(extra));
            default -> Optional.empty();
        };
    }

    /** The revision is read before the kinds, so that a change in between is seen at the next call. */
    private Generation generation(DynamicTypes extra) {
        String revision = extra.revision();
        Generation generation = current;
        if (!generation.revision().equals(revision)) {
            generation = new Generation(revision, new Api(schema, extra));
            current = generation;
        }
        return generation;
    }

    private Optional<Document> discovery(String[] path, Accept accept, Generation now) throws ApiException {
        boolean core = path[0].equals("api");
        if (path.length > (core ? 2 : 3)) {
            return Optional.empty();
        }
        if (path.length == 1) {
            return Optional.of(root(core, Form.of(accept, true), now));
        }
        if (!core && path.length == 2) {
            List<Api.Version> versions = now.api().group(path[1]);
            return versions.isEmpty() ? Optional.empty() : Optional.of(json(path, accept, now, () -> LegacyDiscovery.group(versions)));
        }
        Optional<Api.Version> version = core ? now.api().version("", path[1]) : now.api().version(path[1], path[2]);
        return version.isEmpty() ? Optional.empty()
                : Optional.of(json(path, accept, now, () -> LegacyDiscovery.resources(version.get())));
    }

    private Document root(boolean core, Form form, Generation now) {
        Api api = now.api();
        return now.get((core ? "/api " : "/apis ") + form, () -> document(form.contentType(), () -> switch (form) {
            case LEGACY -> core ? LegacyDiscovery.versions(api, serverAddress) : LegacyDiscovery.groups(api);
            case V2, V2BETA1 -> AggregatedDiscovery.list(core ? List.of(api.group("")) : api.named(), form.apiVersion());
        }));
    }

    private static Document json(String[] path, Accept accept, Generation now, Supplier<Obj> content) throws ApiException {
        jsonOnly(accept);
        return now.get("/" + String.join("/", path), () -> document(JSON, content));
    }

    private static Document document(String contentType, Supplier<Obj> content) {
        return Document.of(contentType, out -> out.write(content.get().bytes()));
    }

    private Optional<Document> openApi(String[] path, Accept accept, Generation now) throws ApiException {
        if (path.length == 2 && path[1].equals("v2")) {
            return Optional.of(openApiV2(accept, now));
        }
        if (path.length == 2 && path[1].equals("v3")) {
            return Optional.of(json(path, accept, now, () -> OpenApiV3.index(now.api(), this::hash)));
        }
        Optional<Api.Version> version = openApiV3(path, now.api());
        if (version.isEmpty()) {
            return Optional.empty();
        }
        jsonOnly(accept);
        return Optional.of(now.get("/openapi/v3/" + version.get().path(), () -> Document.of(JSON, hash(version.get()),
                out -> new OpenApiV3(schema).write(version.get(), out))));
    }

    /** openapi/v3/api/V and openapi/v3/apis/G/V. */
    private static Optional<Api.Version> openApiV3(String[] path, Api api) {
        if (path.length < 4 || !path[1].equals("v3")) {
            return Optional.empty();
        }
        return switch (path[2]) {
            case "api" -> path.length == 4 ? api.version("", path[3]) : Optional.empty();
            case "apis" -> path.length == 5 ? api.version(path[3], path[4]) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Document openApiV2(Accept accept, Generation now) throws ApiException {
        OpenApiV2 source = new OpenApiV2(schema, now.api());
        for (Accept.Range range : accept.ranges()) {
            if (V2_PROTOBUF_NAMES.contains(range.type())) {
                return now.get("/openapi/v2 protobuf", () -> Document.of(V2_PROTOBUF, source::protobuf));
            }
            if (plainJson(range)) {
                return now.get("/openapi/v2", () -> Document.of(JSON, source::json));
            }
        }
        throw ApiException.notAcceptable(JSON + ", " + V2_PROTOBUF);
    }

    private static void jsonOnly(Accept accept) throws ApiException {
        if (accept.ranges().stream().noneMatch(Documents::plainJson)) {
            throw ApiException.notAcceptable(JSON);
        }
    }

    private static boolean plainJson(Accept.Range range) {
        return range.json() && range.parameter("as").isEmpty();
    }

    /** Of one version's OpenAPI v3 document, without making it: the index names every one. */
    private String hash(Api.Version version) {
        if (fingerprint.isEmpty()) {
            fingerprint = new Digest().addGenerators().add(schema.revision()).text();
        }
        Digest digest = new Digest().add(fingerprint).add(version.path());
        version.custom().forEach(c -> digest.add(c.resource().toString()).add(Json.bytes(c.schema())));
        return digest.text();
    }

    /** The forms of discovery. */
    private enum Form {
        LEGACY(""), V2("v2"), V2BETA1("v2beta1");

        private final String version;

        Form(String version) {
            this.version = version;
        }

        String apiVersion() {
            return "apidiscovery.k8s.io/" + version;
        }

        String contentType() {
            return this == LEGACY ? JSON
                    : "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
        }

        static Form of(Accept accept, boolean aggregated) throws ApiException {
            for (Accept.Range range : accept.ranges()) {
                if (plainJson(range)) {
                    return LEGACY;
                }
                if (range.json() && aggregated && range.parameter("as").equals("APIGroupDiscoveryList")
                        && range.parameter("g").equals("apidiscovery.k8s.io")) {
                    for (Form form : List.of(V2, V2BETA1)) {
                        if (form.version.equals(range.parameter("v"))) {
                            return form;
                        }
                    }
                }
            }
            throw ApiException.notAcceptable(JSON);
        }
    }
}
