package io.manul.helm.template.schema;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoJson;
import io.manul.helm.template.go.Text;
import java.util.List;
import java.util.Map;

/** Checks values against a schema. References stay inside the schema: nothing is fetched. */
public final class Schema {

    private Schema() {
    }

    /** What is wrong, one line each as Helm prints it; empty when nothing is. */
    public static String check(byte[] schema, Map<String, Object> values) {
        try {
            Object root = GoJson.unmarshal(Text.of(schema));
            Failure f = new Validator(root).check(root, GoJson.floats(values), "", 0);
            if (f == null) {
                return "";
            }
            StringBuilder b = new StringBuilder();
            List<Failure> top = f.message().equals(Failure.GROUP) && !f.reference() ? f.causes() : List.of(f);
            top.forEach(c -> c.write(b, 0));
            return b.toString();
        } catch (GoError e) {
            return e.getMessage();
        }
    }
}
