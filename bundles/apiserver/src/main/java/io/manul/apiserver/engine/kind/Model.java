package io.manul.apiserver.engine.kind;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.schema.Type;
import java.util.List;
import java.util.Optional;

/** What a kind's schema says about an object. Stateless and safe from any thread. */
public interface Model {

    /** What decoding found. @param wrong values of the wrong type: 400. @param unknown paths that the schema does not know */
    record Decoded(List<String> wrong, List<String> unknown) {
    }

    /** Brings a decoded object into shape, in place: unknown fields and nulls go, times and numbers get their one form. */
    Decoded decode(Obj object);

    /** Fills in what the schema itself states as defaults. */
    void defaults(Obj object);

    /** Required fields and enums. */
    void validate(Obj object, FieldErrors errors);

    /** The same for a change, where what did not change may be let alone. @param old the stored object */
    default void validate(Obj object, Obj old, FieldErrors errors) {
        validate(object, errors);
    }

    /** Where strategic merge patch finds its merge keys; empty: the kind has none (custom resources). */
    Optional<Type> type();
}
