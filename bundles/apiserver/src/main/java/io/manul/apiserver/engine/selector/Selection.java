package io.manul.apiserver.engine.selector;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.store.Keys;
import io.manul.apiserver.engine.store.Scan;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldSelector;
import io.manul.json.Obj;
import java.util.Map;

/**
 * The label and field selectors of one list or watch, on stored values. What the key tells (name, namespace) is not parsed
 * for; labels are streamed; other fields need the object. Safe from any thread.
 */
public final class Selection {

    private final Served served;
    private final LabelSelector labels;
    private final FieldSelector fields;
    private final boolean deep;
    private final String prefix;

    private Selection(Served served, LabelSelector labels, FieldSelector fields) {
        this.served = served;
        this.labels = labels;
        this.fields = fields;
        this.deep = fields.terms().stream().anyMatch(t -> !inKey(t.field()));
        this.prefix = Keys.prefix(served.group(), served.name());
    }

    public static Selection of(Served served, String labelSelector, String fieldSelector) throws ApiException {
        Selection s = new Selection(served, LabelSelector.parse(labelSelector), FieldSelector.parse(fieldSelector));
        s.check();
        return s;
    }

    /** A field that this kind does not select by is refused, not taken as absent. */
    private void check() throws ApiException {
        if (!deep) {
            return;
        }
        Map<String, String> known = served.storage().strategy().selectable(Obj.of());
        for (FieldSelector.Term t : fields.terms()) {
            if (!inKey(t.field()) && !known.containsKey(t.field())) {
                throw ApiException.badRequest("field label not supported: " + t.field());
            }
        }
    }

    private static boolean inKey(String field) {
        return field.equals("metadata.name") || field.equals("metadata.namespace");
    }

    public boolean isEmpty() {
        return labels.isEmpty() && fields.isEmpty();
    }

    public FieldSelector fields() {
        return fields;
    }

    public boolean matches(String key, byte[] stored) {
        if (!labels.isEmpty() && !labels.matches(Scan.labels(stored))) {
            return false;
        }
        if (fields.isEmpty()) {
            return true;
        }
        Map<String, String> values = deep ? served.storage().strategy().selectable(Obj.parse(stored)) : Map.of();
        return fields.matches(field -> switch (field) {
            case "metadata.name" -> Keys.name(key);
            case "metadata.namespace" -> Keys.namespace(key, prefix);
            default -> values.get(field);
        });
    }
}
