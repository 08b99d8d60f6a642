package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.CustomModel;
import io.manul.apiserver.engine.validation.BuiltInModel;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The model of one version of a custom kind, from its structural schema. As upstream, values of a wrong type are found by
 * validation (422), not by decoding; only metadata is decoded by types.
 */
public final class StructuralModel implements CustomModel {

    private final Node root;
    private final Pruning pruning;

    /** @param schema the version's {@code openAPIV3Schema} @param objectMeta the model of ObjectMeta */
    public StructuralModel(Obj schema, BuiltInModel objectMeta) {
        this.root = new Node(schema);
        this.pruning = new Pruning(objectMeta);
    }

    @Override
    public Decoded decode(Obj object) {
        Decoded found = new Decoded(new ArrayList<>(), new ArrayList<>());
        pruning.object(object.map(), root, "", true, found);
        return found;
    }

    /** The schema has defaults. */
    boolean defaulting() {
        return root.defaulting;
    }

    @Override
    public void defaults(Obj object) {
        Defaulting.fill(object.map(), root);
    }

    @Override
    public void validate(Obj object, FieldErrors errors) {
        Values.check(object.map(), root, "", errors);
    }

    @Override
    public void validate(Obj object, Obj old, FieldErrors errors) {
        Values.check(object.map(), old.map(), root, "", errors);
    }

    /** Merge keys are the schemas of built-in kinds': strategic merge patch is not for custom ones. */
    @Override
    public Optional<Type> type() {
        return Optional.empty();
    }
}
