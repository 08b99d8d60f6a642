package io.manul.helm.template.schema;

import io.manul.helm.template.go.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a schema says of arrays. */
record Arrays(Validator validator, Map<String, Object> schema, String path, int depth, boolean old) {

    void check(List<?> l, List<Failure> all) {
        Scalars.least(schema, "minItems", l.size(), path, all);
        Scalars.most(schema, "maxItems", l.size(), path, all);
        if (Boolean.TRUE.equals(schema.get("uniqueItems"))) {
            unique(l, all);
        }
        List<?> first = schema.get("prefixItems") instanceof List<?> p ? p : schema.get("items") instanceof List<?> p ? p : List.of();
        Object others = schema.get("items") instanceof List<?> ? schema.get("additionalItems") : schema.get("items");
        for (int i = 0; i < l.size(); i++) {
            Object s = i < first.size() ? first.get(i) : others;
            if (s != null && !(i >= first.size() && Boolean.FALSE.equals(s))) {
                Validator.add(all, validator.check(s, l.get(i), path + "/" + i, depth + 1));
            }
        }
        if (Boolean.FALSE.equals(others) && l.size() > first.size()) {
            all.add(Failure.of(path, "last " + (l.size() - first.size()) + " additionalItem(s) not allowed"));
        }
        if (schema.containsKey("contains")) {
            contains(l, all);
        }
    }

    private void unique(List<?> l, List<Failure> all) {
        for (int i = 1; i < l.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (Types.deepEqual(l.get(i), l.get(j))) {
                    all.add(Failure.of(path, "items at " + j + " and " + i + " are equal"));
                    return;
                }
            }
        }
    }

    private void contains(List<?> l, List<Failure> all) {
        List<Failure> failed = new ArrayList<>();
        int matched = 0;
        for (int i = 0; i < l.size(); i++) {
            Failure f = validator.check(schema.get("contains"), l.get(i), path + "/" + i, depth + 1);
            if (f == null) {
                matched++;
            } else {
                failed.add(f);
            }
        }
        double least = !old && schema.get("minContains") instanceof Number n ? n.doubleValue() : 1;
        if (matched < least) {
            all.add(new Failure(path, schema.containsKey("minContains") && !old ? "min " + (long) least + " items required to match contains schema, but "
                    + (matched == 0 ? "none matched" : "matched " + matched + " items") : "no items match contains schema", false, failed));
        }
        if (!old && schema.get("maxContains") instanceof Number n && matched > n.doubleValue()) {
            all.add(Failure.of(path, "max " + n.longValue() + " items required to match contains schema, but matched " + matched + " items"));
        }
    }
}
