package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What one version of a custom kind has of its own: columns, selectable fields, scale. Immutable; safe from any thread. */
public final class CustomStrategy implements Strategy {

    private final StructuralModel model;
    private final boolean terminating;
    private final Optional<ScalePaths> scale;
    private final PrinterColumns columns;
    /** By the field's name in selectors. */
    private final Map<String, JsonPath> selectable = new LinkedHashMap<>();

    /** @param version one of {@code spec.versions} @param terminating the definition is being deleted */
    public CustomStrategy(Obj version, StructuralModel model, boolean terminating) {
        this.model = model;
        this.terminating = terminating;
        this.scale = ScalePaths.of(version.object("subresources", "scale"));
        this.columns = new PrinterColumns(version);
        for (Obj field : version.objects("selectableFields")) {
            String path = field.text("jsonPath");
            JsonPath.read(path).ifPresent(p -> selectable.put(path.substring(1), p));
        }
    }

    /** Empty: the version has no scale sub-resource. */
    public Optional<ScalePaths> scale() {
        return scale;
    }

    @Override
    public void prepareCreate(Obj object, Write write) throws ApiException {
        if (terminating) {
            throw new ApiException(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating",
                    Obj.of("group", write.resource().group(), "kind", write.resource().plural()));
        }
    }

    @Override
    public void validate(Obj object, FieldErrors errors) {
        scale.ifPresent(s -> {
            count(s.replicas(object), String.join(".", s.specReplicas()), errors);
            count(s.statusReplicas(object), String.join(".", s.statusReplicas()), errors);
        });
    }

    private static void count(OptionalLong replicas, String path, FieldErrors errors) {
        if (replicas.orElse(0) < 0) {
            errors.invalid(path, replicas.getAsLong(), "should be a non-negative integer");
        } else if (replicas.orElse(0) > Integer.MAX_VALUE) {
            errors.invalid(path, replicas.getAsLong(), "should be less than or equal to " + Integer.MAX_VALUE);
        }
    }

    /** The engine checks the schema of whole objects only; a status counts as well here. */
    @Override
    public void validateStatus(Obj object, Obj old, FieldErrors errors) {
        model.validate(object, old, errors);
        validate(object, errors);
    }

    @Override
    public Map<String, String> selectable(Obj object) {
        Map<String, String> out = new LinkedHashMap<>();
        selectable.forEach((name, path) -> {
            List<Object> found = path.find(object.map());
            out.put(name, found.isEmpty() ? "" : found.getFirst() instanceof String s ? s : Json.text(found.getFirst()));
        });
        return out;
    }

    @Override
    public List<Column> columns() {
        return columns.columns();
    }

    @Override
    public List<Object> cells(Obj object, Instant now) {
        return columns.cells(object, now);
    }
}
