package io.manul.apiserver.kinds;

import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A kind with a few defaults, rules and columns, composed in one line of {@link KindStrategies}. */
public final class Plain implements Strategy {

    private Consumer<Obj> defaults = o -> { };
    private BiConsumer<Obj, FieldErrors> rules = (o, e) -> { };
    private Cells cells = new Cells();
    private boolean generation = true;
    private boolean createOnUpdate;

    public Plain defaults(Consumer<Obj> fill) {
        this.defaults = fill;
        return this;
    }

    public Plain rules(BiConsumer<Obj, FieldErrors> check) {
        this.rules = check;
        return this;
    }

    public Plain cells(Cells columns) {
        this.cells = columns;
        return this;
    }

    /** metadata.generation stays unset. */
    public Plain noGeneration() {
        generation = false;
        return this;
    }

    public Plain creatable() {
        createOnUpdate = true;
        return this;
    }

    @Override
    public void defaults(Obj object) {
        defaults.accept(object);
    }

    @Override
    public void validate(Obj object, FieldErrors errors) {
        rules.accept(object, errors);
    }

    @Override
    public boolean generation() {
        return generation;
    }

    @Override
    public boolean createOnUpdate() {
        return createOnUpdate;
    }

    @Override
    public boolean nameFirst() {
        return !cells.hasName();
    }

    @Override
    public List<Column> columns() {
        return cells.columns();
    }

    @Override
    public List<Object> cells(Obj object, Instant now) {
        return cells.of(object, now);
    }
}
