package io.manul.helm.template.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a schema says of objects. */
record Objects(Validator validator, Map<String, Object> schema, String path, int depth) {

    void check(Map<String, Object> m, List<Failure> all) {
        Scalars.least(schema, "minProperties", m.size(), path, all);
        Scalars.most(schema, "maxProperties", m.size(), path, all);
        if (schema.get("required") instanceof List<?> l) {
            List<String> missing = l.stream().map(String::valueOf).filter(k -> !m.containsKey(k)).toList();
            if (!missing.isEmpty()) {
                all.add(Failure.of(path, (missing.size() == 1 ? "missing property " : "missing properties ") + Quote.names(missing)));
            }
        }
        List<String> extra = new ArrayList<>();
        m.forEach((k, v) -> {
            if (!property(k, v, all)) {
                extra.add(k);
            }
        });
        Object additional = schema.get("additionalProperties");
        if (Boolean.FALSE.equals(additional) && !extra.isEmpty()) {
            all.add(Failure.of(path, "additional properties " + Quote.names(extra) + " not allowed"));
        } else if (additional instanceof Map<?, ?>) {
            extra.forEach(k -> Validator.add(all, validator.check(additional, m.get(k), at(k), depth + 1)));
        }
        if (schema.containsKey("propertyNames")) {
            m.keySet().forEach(k -> {
                Failure f = validator.check(schema.get("propertyNames"), k, path, depth + 1);
                if (f != null) {
                    all.add(new Failure(path, "invalid propertyName " + Quote.single(k), false, List.of(f)));
                }
            });
        }
        dependent("dependentRequired", m, all);
        dependent("dependentSchemas", m, all);
        dependent("dependencies", m, all);
    }

    private String at(String key) {
        return path + "/" + Validator.escape(key);
    }

    /** Whether properties or patternProperties know the key. */
    private boolean property(String key, Object value, List<Failure> all) {
        boolean known = false;
        if (schema.get("properties") instanceof Map<?, ?> p && p.containsKey(key)) {
            known = true;
            Validator.add(all, validator.check(p.get(key), value, at(key), depth + 1));
        }
        if (schema.get("patternProperties") instanceof Map<?, ?> p) {
            for (Map.Entry<?, ?> e : p.entrySet()) {
                if (Scalars.matches((String) e.getKey(), key)) {
                    known = true;
                    Validator.add(all, validator.check(e.getValue(), value, at(key), depth + 1));
                }
            }
        }
        return known;
    }

    private void dependent(String word, Map<String, Object> m, List<Failure> all) {
        if (!(schema.get(word) instanceof Map<?, ?> rules)) {
            return;
        }
        rules.forEach((k, rule) -> {
            if (!m.containsKey(k)) {
                return;
            }
            if (rule instanceof List<?> l) {
                List<String> missing = l.stream().map(String::valueOf).filter(x -> !m.containsKey(x)).toList();
                if (!missing.isEmpty()) {
                    all.add(Failure.of(path, "properties " + Quote.names(missing) + " required, if " + Quote.single((String) k) + " exists"));
                }
            } else {
                Validator.add(all, validator.check(rule, m, path, depth + 1));
            }
        });
    }
}
