package io.manul.helm.template;

import io.manul.helm.template.functions.Table;
import io.manul.helm.template.functions.Toml;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoJson;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Yaml;
import io.manul.helm.template.go.YamlOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that Helm adds. */
final class HelmFunctions {

    static final String WARN_START = "HELM_ERR_START";
    static final String WARN_END = "HELM_ERR_END";

    private HelmFunctions() {
    }

    static void add(Table t, Lookup lookup) {
        t.add("toYaml", "any", a -> quiet(() -> chomped(YamlOut.marshal(a[0]))));
        t.add("toYamlPretty", "any", a -> quiet(() -> chomped(YamlOut.pretty(a[0]))));
        t.add("fromYaml", "string", a -> orError(() -> Yaml.map((String) a[0])));
        t.add("fromYamlArray", "string", a -> listOrError(() -> Yaml.list((String) a[0])));
        t.add("toJson", "any", a -> quiet(() -> GoJson.marshal(a[0])));
        t.add("fromJson", "string", a -> orError(() -> jsonMap((String) a[0])));
        t.add("fromJsonArray", "string", a -> listOrError(() -> jsonList((String) a[0])));
        t.add("toToml", "any", a -> Toml.marshal(a[0]));
        t.add("fromToml", "string", a -> {
            throw new GoError("fromToml is not supported here; write the values as YAML and use fromYaml");
        });
        t.add("required", "string,any", a -> {
            if (a[1] == null || a[1].equals("")) {
                throw new GoError(WARN_START + a[0] + WARN_END);
            }
            return a[1];
        });
        t.add("fail", "string", a -> {
            throw new GoError(WARN_START + a[0] + WARN_END);
        });
        t.add("lookup", "string,string,string,string", a -> {
            try {
                return Values.copied(lookup.lookup((String) a[0], (String) a[1], (String) a[2], (String) a[3]));
            } catch (ChartException e) {
                throw new GoError(e.getMessage());
            }
        });
    }

    private static String chomped(String s) {
        return s.endsWith("\n") ? s.substring(0, s.length() - 1) : s;
    }

    private static Object quiet(Supplier<Object> what) {
        try {
            return what.get();
        } catch (GoError e) {
            return "";
        }
    }

    private static Object orError(Supplier<Map<String, Object>> what) {
        try {
            Map<String, Object> m = what.get();
            return m == null ? new GoMap() : m;
        } catch (GoError e) {
            GoMap m = new GoMap();
            m.put("Error", e.getMessage());
            return m;
        }
    }

    private static Object listOrError(Supplier<List<Object>> what) {
        try {
            List<Object> l = what.get();
            return l == null ? new ArrayList<>() : l;
        } catch (GoError e) {
            return new ArrayList<Object>(List.of(e.getMessage()));
        }
    }

    private static Map<String, Object> jsonMap(String text) {
        return switch (GoJson.unmarshal(text)) {
            case GoMap m -> m;
            case null -> null;
            case Object o -> throw new GoError("json: cannot unmarshal " + Yaml.json(o) + " into Go value of type map[string]interface {}");
        };
    }

    private static List<Object> jsonList(String text) {
        return switch (GoJson.unmarshal(text)) {
            case List<?> l -> new ArrayList<>(l);
            case null -> null;
            case Object o -> throw new GoError("json: cannot unmarshal " + Yaml.json(o) + " into Go value of type []interface {}");
        };
    }
}
