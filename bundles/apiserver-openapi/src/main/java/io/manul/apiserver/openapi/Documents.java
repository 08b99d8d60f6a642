package io.manul.apiserver.openapi;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The documents by which clients learn what is served. Paths: /api, /api/v1, /apis, /apis/G, /apis/G/V (legacy and aggregated
 * discovery), /openapi/v2, /openapi/v3, /openapi/v3/api/v1, /openapi/v3/apis/G/V. A document is made when it is first asked
 * for and kept, compressed, as long as memory allows. Safe from any thread.
 */
public final class Documents {

    private static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private final Schema schema;
    private final String serverAddress;
    private final Cache cache = new Cache();
    /** Of code and tables; empty until it is needed. Computed twice at worst, to the same text. */
    private volatile String generation = "";

    /** @param serverAddress host and port of the API, as /api tells clients */
    public Documents(Schema schema, String serverAddress) {
        this.schema = schema;
        this.serverAddress = serverAddress;
    }

    /**
     * @param path without query
     * @param accept the Accept header; empty takes JSON
     * @return empty when no document stands at the path: the caller answers 404 or looks further
     * @throws ApiException 406 when the client takes none of the forms that the document has
     */
    public Optional<Document> get(String path, String accept, DynamicTypes extra) throws ApiException {
        String[] segments = path.replaceAll("^/+|/+$", "").split("/");
        return switch (segments[0]) {
            case "api", "apis" -> discovery(segments, Accept.parse(accept), extra);
            case "openapi" -> openApi(segments, Accept.parse(accept), extra);
            default -> Optional.empty();
        };
    }

    private Optional<Document> discovery(String[] path, Accept accept, DynamicTypes extra) throws ApiException {
        boolean core = path[0].equals("api");
        if (path.length > (core ? 2 : 3)) {
            return Optional.empty();
        }
        Api api = api(extra);
        if (path.length == 1) {
            return Optional.of(root(core, Form.of(accept, true), api, extra));
        }
        String key = "/" + String.join("/", path);
        if (!core && path.length == 2) {
            List<Api.Version> versions = api.group(path[1]);
            return versions.isEmpty() ? Optional.empty()
                    : Optional.of(json(key, Form.of(accept, false), extra, () -> LegacyDiscovery.group(versions)));
        }
        Optional<Api.Version> version = core ? api.version("", path[1]) : api.version(path[1], path[2]);
        return version.isEmpty() ? Optional.empty()
                : Optional.of(json(key, Form.of(accept, false), extra, () -> LegacyDiscovery.resources(version.get())));
    }

    private Document root(boolean core, Form form, Api api, DynamicTypes extra) {
        return json(core ? "/api" : "/apis", form, extra, () -> switch (form) {
            case LEGACY -> core ? LegacyDiscovery.versions(api, serverAddress) : LegacyDiscovery.groups(api);
            case V2, V2BETA1 -> AggregatedDiscovery.list(core ? List.of(api.group("")) : api.named(), form.apiVersion());
        });
    }

    private Document json(String path, Form form, DynamicTypes extra, Supplier<Obj> content) {
        return cache.get(path + " " + form, extra.revision(), () -> Document.of(form.contentType(), out -> out.write(content.get().bytes())));
    }

    private Optional<Document> openApi(String[] path, Accept accept, DynamicTypes extra) throws ApiException {
        Api api = api(extra);
        if (path.length == 2 && path[1].equals("v2")) {
            return Optional.of(openApiV2(accept, api, extra));
        }
        if (path.length == 2 && path[1].equals("v3")) {
            jsonOnly(accept);
            return Optional.of(cache.get("/openapi/v3", extra.revision(), () -> Document.of("application/json",
                    out -> out.write(OpenApiV3.index(api, this::hash).bytes()))));
        }
        Optional<Api.Version> version = path.length == 4 && path[1].equals("v3") && path[2].equals("api")
                ? api.version("", path[3]) : path.length == 5 && path[1].equals("v3") && path[2].equals("apis")
                ? api.version(path[3], path[4]) : Optional.empty();
        if (version.isEmpty()) {
            return Optional.empty();
        }
        jsonOnly(accept);
        return Optional.of(cache.get("/openapi/v3/" + version.get().path(), extra.revision(), () -> Document.of(
                "application/json", hash(version.get()), out -> new OpenApiV3(schema).write(version.get(), out))));
    }

    private Document openApiV2(Accept accept, Api api, DynamicTypes extra) throws ApiException {
        for (Accept.Range range : accept.ranges()) {
            if (range.type().equals(V2_PROTOBUF)) {
                return cache.get("/openapi/v2 protobuf", extra.revision(),
                        () -> Document.of(V2_PROTOBUF, new OpenApiV2(schema, api)::protobuf));
            }
            if (range.json()) {
                return cache.get("/openapi/v2", extra.revision(),
                        () -> Document.of("application/json", new OpenApiV2(schema, api)::json));
            }
        }
        throw ApiException.notAcceptable("application/json, " + V2_PROTOBUF);
    }

    private static void jsonOnly(Accept accept) throws ApiException {
        if (accept.ranges().stream().noneMatch(Accept.Range::json)) {
            throw ApiException.notAcceptable("application/json");
        }
    }

    /** Of one version's OpenAPI v3 document, without making it: the index names every one. */
    private String hash(Api.Version version) {
        Digest digest = new Digest().add(generation()).add(version.path());
        version.custom().forEach(c -> digest.add(c.resource().toString()).add(Json.bytes(c.schema())));
        return digest.text();
    }

    private String generation() {
        if (generation.isEmpty()) {
            generation = new Digest().addGenerators().add(schema.revision()).text();
        }
        return generation;
    }

    private Api api(DynamicTypes extra) {
        return cache.api(extra.revision(), () -> new Api(schema, extra));
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
            return this == LEGACY ? "application/json"
                    : "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
        }

        static Form of(Accept accept, boolean aggregated) throws ApiException {
            for (Accept.Range range : accept.ranges()) {
                if (range.json() && range.parameter("as").isEmpty()) {
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
            throw ApiException.notAcceptable("application/json");
        }
    }
}
