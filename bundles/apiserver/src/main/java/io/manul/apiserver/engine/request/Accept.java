package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.apiserver.spi.ApiException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * In which form the answer goes out (Kubernetes, "API concepts", alternate representations of resources).
 *
 * @param yaml   YAML instead of JSON
 * @param as     the object itself, a Table of it, or its metadata only
 * @param pretty indented
 * @param gzip   the client takes gzip
 */
public record Accept(boolean yaml, As as, boolean pretty, boolean gzip) {

    public enum As { OBJECT, TABLE, PARTIAL }

    private static final String KNOWN = "application/json, application/yaml";

    /** What a request without an Accept header gets. */
    public static final Accept JSON = new Accept(false, As.OBJECT, false, false);

    /** @param plain the answer has no alternate representation (a Status, a Scale, a document) */
    public static Accept of(Exchange x, boolean plain) throws ApiException {
        boolean gzip = x.header("accept-encoding").map(v -> v.toLowerCase(Locale.ROOT).contains("gzip")).orElse(false);
        boolean pretty = pretty(x);
        List<String> all = x.headers().getOrDefault("accept", List.of());
        String header = String.join(",", all);
        if (header.isBlank()) {
            return new Accept(false, As.OBJECT, pretty, gzip);
        }
        for (String one : header.split(",")) {
            String[] parts = one.strip().split(";");
            Map<String, String> parameters = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int eq = parts[i].indexOf('=');
                if (eq > 0) {
                    parameters.put(parts[i].substring(0, eq).strip(), parts[i].substring(eq + 1).strip());
                }
            }
            As as = as(parameters, plain);
            if (as == null) {
                continue;
            }
            switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                case "application/json", "application/*", "*/*" -> {
                    return new Accept(false, as, pretty, gzip);
                }
                case "application/yaml" -> {
                    return new Accept(true, as, pretty, gzip);
                }
                default -> { }
            }
        }
        throw ApiException.notAcceptable(KNOWN);
    }

    /** Null when this representation is not known: the next one in the list is tried. */
    private static As as(Map<String, String> parameters, boolean plain) {
        String as = parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return As.OBJECT;
        }
        String version = parameters.getOrDefault("v", "");
        if (plain || !parameters.getOrDefault("g", "").equals("meta.k8s.io")
                || !version.equals("v1") && !version.equals("v1beta1")) {
            return null;
        }
        return switch (as) {
            case "Table" -> As.TABLE;
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> As.PARTIAL;
            default -> null;
        };
    }

    private static boolean pretty(Exchange x) {
        String asked = x.parameter("pretty").orElse("");
        if (!asked.isEmpty()) {
            return !asked.equals("0") && !asked.equals("false");
        }
        String agent = x.header("user-agent").orElse("");
        return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
    }
}
