package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.FieldErrors;
import java.util.List;

/**
 * allOf, anyOf, oneOf, not. Where no alternative holds, the failures of the nearest one are told as well. Stateless.
 * Deviation: upstream reports these errors at the path {@code <nil>}; here they stand at the value's.
 */
final class Junctors {

    private Junctors() {
    }

    static void check(Object value, Rules rules, String path, FieldErrors errors) {
        rules.allOf.forEach(n -> Values.check(value, n, path, errors));
        String shown = "\"" + path + "\"";
        if (!rules.anyOf.isEmpty() && valid(value, rules.anyOf, path) == 0) {
            errors.invalid(path, "", shown + " must validate at least one schema (anyOf)");
            nearest(value, rules.anyOf, path, errors);
        }
        if (!rules.oneOf.isEmpty()) {
            one(value, rules.oneOf, path, shown, errors);
        }
        if (rules.not != null && failures(value, rules.not, path) == 0) {
            errors.invalid(path, "", shown + " must not validate the schema (not)");
        }
    }

    private static void one(Object value, List<Node> schemas, String path, String shown, FieldErrors errors) {
        long valid = valid(value, schemas, path);
        if (valid == 0) {
            errors.invalid(path, "", shown + " must validate one and only one schema (oneOf). Found none valid");
            nearest(value, schemas, path, errors);
        } else if (valid > 1) {
            errors.invalid(path, "", shown + " must validate one and only one schema (oneOf). Found " + valid + " valid alternatives");
        }
    }

    private static long valid(Object value, List<Node> schemas, String path) {
        return schemas.stream().filter(n -> failures(value, n, path) == 0).count();
    }

    private static int failures(Object value, Node node, String path) {
        FieldErrors found = new FieldErrors();
        Values.check(value, node, path, found);
        return found.isEmpty() ? 0 : found.causes().size();
    }

    private static void nearest(Object value, List<Node> schemas, String path, FieldErrors errors) {
        Node best = schemas.getFirst();
        int fewest = Integer.MAX_VALUE;
        for (Node n : schemas) {
            int failures = failures(value, n, path);
            if (failures < fewest) {
                best = n;
                fewest = failures;
            }
        }
        Values.check(value, best, path, errors);
    }
}
