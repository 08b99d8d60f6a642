package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML bodies in and out, as JSON values. */
final class Yaml {

    private Yaml() {
    }

    static Object parse(byte[] utf8) throws ApiException {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Exchange.MAX_BODY).setMaxAliasesForCollections(50)
                .setAllowDuplicateKeys(false).build();
        try {
            return plain(new Load(settings).loadFromString(new String(utf8, StandardCharsets.UTF_8)), 0);
        } catch (YamlEngineException e) {
            throw ApiException.badRequest("error converting YAML to JSON: yaml: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static Object plain(Object value, int depth) throws ApiException {
        if (depth > Json.MAX_DEPTH) {
            throw ApiException.badRequest("error converting YAML to JSON: nested deeper than " + Json.MAX_DEPTH);
        }
        return switch (value) {
            case Map<?, ?> m -> {
                Map<String, Object> out = new LinkedHashMap<>();
                for (Map.Entry<?, ?> e : m.entrySet()) {
                    out.put(String.valueOf(e.getKey()), plain(e.getValue(), depth + 1));
                }
                yield out;
            }
            case List<?> l -> {
                List<Object> out = new ArrayList<>();
                for (Object o : l) {
                    out.add(plain(o, depth + 1));
                }
                yield out;
            }
            case Integer i -> (long) i;
            case null -> null;
            case String s -> s;
            case Boolean b -> b;
            case Long l -> l;
            case Double d -> d;
            case BigInteger i -> i;
            default -> value.toString();
        };
    }

    static byte[] of(byte[] json) {
        DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(Json.parse(json)).getBytes(StandardCharsets.UTF_8);
    }
}
