package io.manul.apiserver.spi;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What only one kind has. The engine does what every kind has: metadata (uid, generation, timestamps, names, finalizers,
 * owner references), schema checks (types, required, enums, unknown fields), status kept apart from spec where there is a
 * status sub-resource, optimistic locking. Stateless and safe from any thread.
 *
 * <p>Order of a write: decode → {@link #defaults} → (admission mutates) → {@link #prepareCreate} or {@link #prepareUpdate}
 * or {@link #prepareStatus} → {@link #validate}/{@link #validateUpdate}/{@link #validateStatus} → (admission validates) →
 * store.
 */
public interface Strategy {

    /** Fills in the API reference's defaults. Called on every decoded object, also after a patch. */
    default void defaults(Obj object) {
    }

    /** Before a create is stored: drops what a creator may not set, allocates (addresses, ports). Status is gone already, but for {@link #statusOnCreate}. */
    default void prepareCreate(Obj object, Write write) throws ApiException {
    }

    /** Before an update is stored: the stored status is in place already. */
    default void prepareUpdate(Obj object, Obj old, Write write) throws ApiException {
    }

    /** Before a status update is stored: everything but status is the stored one already. */
    default void prepareStatus(Obj object, Obj old, Write write) throws ApiException {
    }

    /** All rules for an object by itself; schema and metadata were checked. */
    default void validate(Obj object, FieldErrors errors) {
    }

    /** Rules for new objects only; {@link #validate} runs as well. */
    default void validateCreate(Obj object, FieldErrors errors) {
    }

    /** Immutability and transitions; {@link #validate} runs as well. */
    default void validateUpdate(Obj object, Obj old, FieldErrors errors) {
    }

    default void validateStatus(Obj object, Obj old, FieldErrors errors) {
    }

    /** True when a creator sets the status too: a Node's kubelet registers with it. */
    default boolean statusOnCreate() {
        return false;
    }

    /** True when metadata.generation counts changes of everything but metadata and status. */
    default boolean generation() {
        return true;
    }

    /** PUT of a name that does not exist creates it (upstream's AllowCreateOnUpdate). */
    default boolean createOnUpdate() {
        return false;
    }

    /** PUT without resourceVersion is taken as unconditional. */
    default boolean unconditionalUpdate() {
        return true;
    }

    /** Writes of this resource run one at a time (it allocates from what is stored). */
    default boolean serialized() {
        return false;
    }

    /** True when a delete without a propagation policy leaves what the object owns alone (upstream's oldest versions of Job). */
    default boolean orphansDependents() {
        return false;
    }

    /** Set: deletes of this kind are graceful; the grace in seconds for this object when the caller names none. */
    default OptionalLong graceSeconds(Obj object) {
        return OptionalLong.empty();
    }

    /** Set: objects go away this long after their last write (Events: 1 h). */
    default Optional<Duration> timeToLive() {
        return Optional.empty();
    }

    /** True when this write may be VOLATILE in the datastore (a Lease whose only change is its renewal). */
    default boolean volatileWrite(Obj object, Obj old) {
        return false;
    }

    /** Values for field selectors besides metadata.name and metadata.namespace, for every selectable field. */
    default Map<String, String> selectable(Obj object) {
        return Map.of();
    }

    /** False when {@link #columns} is the whole table (Events); else the engine puts Name before them. */
    default boolean nameFirst() {
        return true;
    }

    /** Printer columns without the first (Name, the engine's) and as upstream's; empty: Name and Created At. */
    default List<Column> columns() {
        return List.of();
    }

    /** Cells for {@link #columns}: String, Long, Double, Boolean or null. */
    default List<Object> cells(Obj object, Instant now) {
        return List.of();
    }
}
