package io.manul.apiserver.engine.write;

import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.engine.validation.Metadata;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.datastore.Result;
import io.manul.json.Obj;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The steps that creates, updates and deletes share. Safe from any thread. */
final class Steps {

    private final Core core;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Steps(Core core) {
        this.core = core;
    }

    Core core() {
        return core;
    }

    String now() {
        return core.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static Strategy strategy(Target t) {
        return t.served().storage().strategy();
    }

    /** Runs one at a time what allocates from what is stored. */
    interface Step {
        Stored run() throws ApiException;
    }

    Stored oneAtATime(Target t, Step step) throws ApiException {
        if (!strategy(t).serialized()) {
            return step.run();
        }
        ReentrantLock lock = locks.computeIfAbsent(t.served().group() + "/" + t.served().name(), k -> new ReentrantLock());
        lock.lock();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    Write write(Target t, Operation operation, Obj object, Obj old) {
        String name = object == null ? t.name() : object.name().isEmpty() ? t.name() : object.name();
        return new Write(operation, t.served().storage().resource(), t.sub(), t.namespace(), name, object, old, t.options(), t.user(),
                t.dryRun(), core.reader(), core.settings(), core.now(), core.random(), t.warnings());
    }

    /** Something still has to be done before it may go: a finalizer, or a Namespace's own in its spec. */
    static boolean held(Target t, Obj object) {
        boolean namespace = t.group().isEmpty() && t.resource().equals("namespaces");
        return !object.strings("metadata", "finalizers").isEmpty() || namespace && !object.strings("spec", "finalizers").isEmpty();
    }

    void mutate(Write w) throws ApiException {
        for (Admission a : core.admission()) {
            a.mutate(w);
        }
    }

    void admit(Write w) throws ApiException {
        for (Admission a : core.admission()) {
            a.validate(w);
        }
    }

    /** Defaults of the schema and of the kind. */
    void defaults(Target t, Obj object) {
        t.served().storage().model().defaults(object);
        strategy(t).defaults(object);
    }

    void validate(Target t, Obj object, Obj old) throws ApiException {
        FieldErrors errors = new FieldErrors();
        Metadata.validate(t.served().storage().resource(), object, errors);
        if (old == null) {
            t.served().storage().model().validate(object, errors);
            strategy(t).validate(object, errors);
            strategy(t).validateCreate(object, errors);
        } else {
            t.served().storage().model().validate(object, old, errors);
            strategy(t).validate(object, errors);
            Metadata.validateUpdate(object, old, errors);
            strategy(t).validateUpdate(object, old, errors);
        }
        refuse(t, object, errors);
    }

    static void refuse(Target t, Obj object, FieldErrors errors) throws ApiException {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(t.group(), t.served().resource().kind(), object.name(), errors);
        }
    }

    /** @param expected revision that must stand there; 0: nothing may. Empty when something else does. */
    Optional<Stored> put(Target t, Obj object, Obj old, long expected) throws ApiException {
        byte[] value = Encoding.store(object);
        if (t.dryRun()) {
            return Optional.of(new Stored(value, expected, false));
        }
        Durability durability = strategy(t).volatileWrite(object, old) ? Durability.VOLATILE : Durability.DURABLE;
        String key = t.named(object.name()).key();
        for (int attempt = 0;; attempt++) {
            try {
                long lease = 0;
                if (strategy(t).timeToLive().isPresent()) {
                    lease = core.leases().of(strategy(t).timeToLive().get());
                }
                Result r = core.datastore().put(key, value, expected, lease, durability);
                return r.succeeded() ? Optional.of(new Stored(value, r.revision(), false)) : Optional.empty();
            } catch (DatastoreException e) {
                if (e.reason() == DatastoreException.Reason.LEASE_NOT_FOUND && attempt == 0) {
                    core.leases().forget();
                    continue;
                }
                throw Failures.of(e);
            }
        }
    }

    /** False when another write came between. */
    boolean remove(Target t, long expected) throws ApiException {
        if (t.dryRun()) {
            return true;
        }
        try {
            return core.datastore().delete(t.key(), expected).succeeded();
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }
}
