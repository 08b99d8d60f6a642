package io.manul.apiserver.kinds;

import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A kind with a few defaults, rules and columns, composed in one line of {@link KindStrategies}. */
public final class Plain implements Strategy {

    private Consumer<Obj> defaults = o -> { };
    private BiConsumer<Obj, FieldErrors> rules = (o, e) -> { };
    private Update changes = (o, old, e) -> { };
    private Update statusChanges = (o, old, e) -> { };
    private Prepare create = (o, w) -> { };
    private Prepare status = (o, w) -> { };
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

    /** What may not become what. */
    @FunctionalInterface
    public interface Update {
        void check(Obj object, Obj old, FieldErrors errors);
    }

    /** What the server sets. */
    @FunctionalInterface
    public interface Prepare {
        void accept(Obj object, Write write);
    }

    public Plain changes(Update check) {
        this.changes = check;
        return this;
    }

    public Plain statusChanges(Update check) {
        this.statusChanges = check;
        return this;
    }

    public Plain onCreate(Prepare prepare) {
        this.create = prepare;
        return this;
    }

    public Plain onStatus(Prepare prepare) {
        this.status = prepare;
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
    public void validateUpdate(Obj object, Obj old, FieldErrors errors) {
        changes.check(object, old, errors);
    }

    @Override
    public void validateStatus(Obj object, Obj old, FieldErrors errors) {
        statusChanges.check(object, old, errors);
    }

    @Override
    public void prepareCreate(Obj object, Write write) {
        create.accept(object, write);
    }

    @Override
    public void prepareStatus(Obj object, Obj old, Write write) {
        status.accept(object, write);
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
