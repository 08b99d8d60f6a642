package io.manul.apiserver.engine.table;

import io.manul.apiserver.engine.kind.Form;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.Scan;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** meta.k8s.io/v1 Table of objects (Kubernetes, "API concepts", receiving resources as Tables). Stateless. */
public final class Tables {

    private static final Column NAME = new Column("Name", "string", "name",
            "Name must be unique within a namespace. It is the key of the object.", 0);
    private static final Column CREATED = new Column("Created At", "date", "",
            "When the object was created, by the server's clock.", 0);

    /** What a row carries beside its cells. */
    public enum Include { NONE, METADATA, OBJECT }

    private Tables() {
    }

    public static Include include(String parameter) throws ApiException {
        return switch (parameter) {
            case "", "Metadata" -> Include.METADATA;
            case "None" -> Include.NONE;
            case "Object" -> Include.OBJECT;
            default -> throw ApiException.badRequest("includeObject: Unsupported value: \"" + parameter
                    + "\": supported values: \"Metadata\", \"None\", \"Object\"");
        };
    }

    /** The beginning of a table up to its rows. @param columns false: none, they were sent with an earlier event */
    public static Obj head(Served served, Obj metadata, boolean columns) {
        List<Obj> definitions = new ArrayList<>();
        if (columns) {
            if (columns(served).nameFirst()) {
                definitions.add(definition(NAME));
            }
            List<Column> own = columns(served).columns();
            (own.isEmpty() ? List.of(CREATED) : own).forEach(c -> definitions.add(definition(c)));
        }
        return Obj.of("kind", "Table", "apiVersion", "meta.k8s.io/v1", "metadata", metadata, "columnDefinitions", definitions);
    }

    private static Obj definition(Column c) {
        return Obj.of("name", c.name(), "type", c.type(), "format", c.format(), "description", c.description(),
                "priority", c.priority());
    }

    /** Whose columns: a version with other fields than the stored one shows the stored one's. */
    private static Strategy columns(Served served) {
        return served.form() instanceof Form.Converted ? served.storage().strategy() : served.strategy();
    }

    /** @param object as stored, with its resourceVersion */
    public static Obj row(Served served, Obj object, Include include, Instant now) {
        Strategy strategy = columns(served);
        List<Object> cells = new ArrayList<>();
        if (strategy.nameFirst()) {
            cells.add(object.name());
        }
        if (strategy.columns().isEmpty()) {
            cells.add(object.text("metadata", "creationTimestamp"));
        } else {
            cells.addAll(strategy.cells(object, now));
        }
        Obj row = Obj.of("cells", cells);
        return switch (include) {
            case NONE -> row;
            case METADATA -> row.put("object", partial(object));
            case OBJECT -> row.put("object", served.form().show(object));
        };
    }

    /** A table of one object, as stored. */
    public static Obj of(Served served, Obj object, Include include, Instant now, boolean columns) {
        Obj head = head(served, Obj.of("resourceVersion", object.resourceVersion()), columns);
        return head.put("rows", List.of(row(served, object, include, now)));
    }

    public static Obj partial(Obj object) {
        return Obj.of("kind", "PartialObjectMetadata", "apiVersion", "meta.k8s.io/v1", "metadata", object.at("metadata"));
    }

    /** PartialObjectMetadata of a stored value, by copying its metadata. */
    public static byte[] partial(byte[] stored, long revision) {
        byte[] metadata = Scan.metadata(stored);
        byte[] head = Encoding.ascii("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":");
        byte[] out = new byte[head.length + metadata.length + 1];
        System.arraycopy(head, 0, out, 0, head.length);
        System.arraycopy(metadata, 0, out, head.length, metadata.length);
        out[out.length - 1] = '}';
        return revision == 0 ? out : Encoding.out(out, revision);
    }
}
