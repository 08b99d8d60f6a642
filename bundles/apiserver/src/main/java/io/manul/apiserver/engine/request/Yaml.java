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
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.RepresentToNode;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

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
            throw ApiException.badRequest("error converting YAML to JSON: yaml: " + why(e));
        }
    }

    private static String why(YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException m && m.getProblem() != null) {
            return m.getProblemMark().map(mark -> "line " + (mark.getLine() + 1) + ": ").orElse("") + m.getProblem();
        }
        return e.getMessage().lines().findFirst().orElse("");
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
        return new Dump(settings, new Quoting(settings)).dumpToString(Json.parse(json)).getBytes(StandardCharsets.UTF_8);
    }

    /** Text that YAML 1.1, which most clients speak, would read as a boolean, a number or a time stands in quotes, as upstream's. */
    private static final class Quoting extends StandardRepresenter {

        private static final Pattern NOT_TEXT = Pattern.compile("(?i:y|n|yes|no|on|off|true|false|null|~)|=|<<"
                + "|[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7]+|[0-9_:]*+\\.?+[0-9_]*+([eE][-+]?[0-9]+)?|\\.(?i:inf|nan))"
                + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?");

        Quoting(DumpSettings settings) {
            super(settings);
            RepresentToNode others = representers.get(String.class);
            representers.put(String.class, text -> NOT_TEXT.matcher((String) text).matches()
                    ? representScalar(Tag.STR, (String) text, ScalarStyle.DOUBLE_QUOTED) : others.representData(text));
        }
    }
}
