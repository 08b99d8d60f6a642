package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of one version of a definition (API reference, CustomResourceDefinitionVersion). Stateless. */
final class VersionRules {

    private static final Set<String> COLUMN_TYPES = Set.of("integer", "number", "string", "boolean", "date");
    private static final Set<String> COLUMN_FORMATS = Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password");
    private static final Set<String> SELECTABLE_TYPES = Set.of("string", "integer", "boolean");
    private static final int MOST_SELECTABLE = 8;

    private VersionRules() {
    }

    static void check(Obj version, String path, FieldErrors errors) {
        String at = path + ".schema.openAPIV3Schema";
        Optional<Obj> schema = version.object("schema", "openAPIV3Schema");
        if (schema.isEmpty()) {
            errors.required(at, "schemas are required");
        } else {
            StructuralRules.check(schema.get(), at, errors);
        }
        List<Obj> columns = version.objects("additionalPrinterColumns");
        for (int i = 0; i < columns.size(); i++) {
            column(columns.get(i), path + ".additionalPrinterColumns[" + i + "]", errors);
        }
        version.object("subresources", "scale").ifPresent(s -> scale(s, path + ".subresources.scale", errors));
        selectable(version, path + ".selectableFields", errors);
    }

    private static void column(Obj column, String path, FieldErrors errors) {
        if (column.text("name").isEmpty()) {
            errors.required(path + ".name", "");
        }
        if (column.text("type").isEmpty()) {
            errors.required(path + ".type", "must be one of boolean,date,integer,number,string");
        } else if (!COLUMN_TYPES.contains(column.text("type"))) {
            errors.invalid(path + ".type", column.text("type"), "must be one of boolean,date,integer,number,string");
        }
        if (!column.text("format").isEmpty() && !COLUMN_FORMATS.contains(column.text("format"))) {
            errors.invalid(path + ".format", column.text("format"), "must be one of byte,date,date-time,double,float,int32,int64,password");
        }
        if (column.text("jsonPath").isEmpty()) {
            errors.required(path + ".jsonPath", "");
        } else {
            path(column.text("jsonPath"), path + ".jsonPath", errors);
        }
    }

    private static void path(String text, String at, FieldErrors errors) {
        try {
            JsonPath.parse(text);
        } catch (IllegalArgumentException e) {
            errors.invalid(at, text, e.getMessage());
        }
    }

    // ---- scale

    private static void scale(Obj scale, String path, FieldErrors errors) {
        below(scale, "specReplicasPath", true, ".spec.", "should be a json path under .spec", path, errors);
        below(scale, "statusReplicasPath", true, ".status.", "should be a json path under .status", path, errors);
        below(scale, "labelSelectorPath", false, ".s", "should be a json path under either .spec or .status", path, errors);
    }

    private static void below(Obj scale, String field, boolean required, String root, String why, String path, FieldErrors errors) {
        String text = scale.text(field);
        if (text.isEmpty()) {
            if (required) {
                errors.required(path + "." + field, "");
            }
        } else if (ScalePaths.segments(text).isEmpty()) {
            errors.invalid(path + "." + field, text, "must be a simple json path starting with .");
        } else if (!text.startsWith(root) || root.equals(".s") && !text.startsWith(".spec.") && !text.startsWith(".status.")) {
            errors.invalid(path + "." + field, text, why);
        }
    }

    // ---- selectable fields

    private static void selectable(Obj version, String path, FieldErrors errors) {
        List<Obj> fields = version.objects("selectableFields");
        if (fields.size() > MOST_SELECTABLE) {
            errors.tooMany(path, fields.size(), MOST_SELECTABLE);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String at = path + "[" + i + "].jsonPath";
            String text = fields.get(i).text("jsonPath");
            List<String> segments = ScalePaths.segments(text);
            if (text.isEmpty()) {
                errors.required(at, "");
            } else if (segments.isEmpty()) {
                errors.invalid(at, text, "is an invalid path: must be a simple json path starting with .");
            } else if (segments.getFirst().equals("metadata")) {
                errors.invalid(at, text, "must not point to fields in metadata");
            } else if (!SELECTABLE_TYPES.contains(typeAt(version.at("schema", "openAPIV3Schema"), segments))) {
                errors.invalid(at, text, "must point to a field of type string, boolean or integer");
            }
            if (!seen.add(text)) {
                errors.duplicate(at, text);
            }
        }
    }

    private static String typeAt(Obj schema, List<String> segments) {
        Obj at = schema;
        for (String segment : segments) {
            at = at.at("properties", segment);
        }
        return at.text("type");
    }
}
