package io.manul.apiserver.engine.write;

import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.KeyValue;
import io.manul.json.Obj;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.Set;

/** Changes an object or a part of it: update, patch, sub-resources. Safe from any thread. */
public final class Changer {

    /** Only another server on the same store, or the other version during a swap, can come between. */
    private static final int TRIES = 100;
    private static final int STRIPES = 64;
    /** Sub-resources that change the status only; the approval of a CertificateSigningRequest its conditions only. */
    private static final Set<String> STATUS = Set.of("status", "approval");

    private final Steps steps;
    private final Creator creator;
    /** Changes of one object wait for each other here instead of failing at the store; taken before a kind's own lock. */
    private final ReentrantLock[] locks = java.util.stream.Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    Changer(Steps steps, Creator creator) {
        this.steps = steps;
        this.creator = creator;
    }

    /** Makes the wanted object from the stored one. Called again after a conflict. */
    public interface Change {
        /** @param current in the shown form, the caller's own copy; @return decoded, in the shown form */
        Obj apply(Obj current) throws ApiException;
    }

    public Stored change(Target t, Change change) throws ApiException {
        return change(t, change, false);
    }

    /** @param ours true for a change that only this server makes (a binding): the kind's rules for updates do not apply */
    public Stored change(Target t, Change change, boolean ours) throws ApiException {
        ReentrantLock lock = locks[(t.key().hashCode() & 0x7fffffff) % STRIPES];
        lock.lock();
        try {
            return steps.oneAtATime(t, () -> {
                for (int i = 0; i < TRIES; i++) {
                    Optional<Stored> done = once(t, change, ours);
                    if (done.isPresent()) {
                        return done.get();
                    }
                }
                throw ApiException.modified(t.group(), t.resource(), t.name());
            });
        } finally {
            lock.unlock();
        }
    }

    /** PUT of what may not be there yet. */
    public Optional<Stored> createInstead(Target t, Obj object) throws ApiException {
        return t.sub().isEmpty() && Steps.strategy(t).createOnUpdate() && stored(t).isEmpty()
                ? Optional.of(creator.create(t.named(""), object)) : Optional.empty();
    }

    Optional<KeyValue> stored(Target t) throws ApiException {
        try {
            return steps.core().datastore().get(t.key(), 0);
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }

    private Optional<Stored> once(Target t, Change change, boolean ours) throws ApiException {
        KeyValue kv = stored(t).orElseThrow(t::notFound);
        Obj old = Encoding.parse(kv.value(), kv.modRevision());
        Obj wanted = t.served().form().store(change.apply(t.served().form().show(old.copy())));
        guard(t, wanted, old, kv.modRevision());
        Obj next = ours ? wanted : STATUS.contains(t.sub()) ? status(t, wanted, old) : whole(t, wanted, old);
        if (gone(t, next)) {
            return steps.remove(t, kv.modRevision()) ? Optional.of(new Stored(Encoding.store(next), kv.modRevision(), true)) : Optional.empty();
        }
        if (Arrays.equals(Encoding.store(next), kv.value())) {
            return Optional.of(new Stored(kv.value(), kv.modRevision(), false)); // nothing changed: no write, no event
        }
        return steps.put(t, next, old, kv.modRevision());
    }

    private void guard(Target t, Obj wanted, Obj old, long revision) throws ApiException {
        Obj metadata = wanted.make("metadata");
        if (!metadata.text("name").isEmpty() && !metadata.text("name").equals(t.name())) {
            throw ApiException.badRequest("the name of the object (" + metadata.text("name") + ") does not match the name on the URL (" + t.name() + ")");
        }
        if (!metadata.text("namespace").isEmpty() && !metadata.text("namespace").equals(t.namespace())) {
            throw ApiException.badRequest("the namespace of the object (" + metadata.text("namespace")
                    + ") does not match the namespace on the URL (" + t.namespace() + ")");
        }
        if (!metadata.text("uid").isEmpty() && !metadata.text("uid").equals(old.uid())) {
            throw ApiException.conflict(t.group(), t.resource(), t.name(), "Precondition failed: UID in precondition: "
                    + metadata.text("uid") + ", UID in object meta: " + old.uid());
        }
        String version = metadata.text("resourceVersion");
        if (version.isEmpty() || version.equals("0")) {
            if (!Steps.strategy(t).unconditionalUpdate()) {
                throw ApiException.invalid(t.group(), t.served().resource().kind(), t.name(),
                        new FieldErrors().invalid("metadata.resourceVersion", 0L, "must be specified for an update"));
            }
        } else if (!version.equals(Long.toString(revision))) {
            throw ApiException.modified(t.group(), t.resource(), t.name());
        }
        // what only the server sets
        metadata.put("name", t.name()).put("namespace", t.namespace().isEmpty() ? null : t.namespace()).put("uid", old.uid());
        for (String ours : new String[] {"creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion",
            "generateName"}) {
            metadata.put(ours, old.get("metadata", ours));
        }
        metadata.remove("managedFields");
        metadata.remove("selfLink");
    }

    private Obj whole(Target t, Obj wanted, Obj old) throws ApiException {
        if (t.served().hasStatus()) {
            wanted.put("status", old.get("status"));
        }
        Write w = steps.write(t, Operation.UPDATE, wanted, old);
        steps.defaults(t, wanted);
        steps.mutate(w);
        Steps.strategy(t).prepareUpdate(wanted, old, w);
        if (Steps.strategy(t).generation() && !content(wanted).equals(content(old))) {
            wanted.set(old.number("metadata", "generation").orElse(0) + 1, "metadata", "generation");
        }
        steps.validate(t, wanted, old);
        steps.admit(w);
        return wanted;
    }

    /** Everything whose change is a new generation. */
    private static Obj content(Obj o) {
        Obj c = Obj.view(new java.util.LinkedHashMap<>(o.map()));
        c.remove("metadata");
        c.remove("status");
        return c;
    }

    private Obj status(Target t, Obj wanted, Obj old) throws ApiException {
        Obj next = old.copy();
        if (t.sub().equals("approval")) {
            next.set(wanted.get("status", "conditions"), "status", "conditions");
        } else {
            next.put("status", wanted.get("status"));
        }
        if (!t.served().custom()) {
            // a status write of a built-in kind may bring labels and annotations along, as upstream's strategies let it
            next.make("metadata").put("labels", wanted.get("metadata", "labels"))
                    .put("annotations", wanted.get("metadata", "annotations"));
        }
        Write w = steps.write(t, Operation.UPDATE, next, old);
        steps.defaults(t, next);
        Steps.strategy(t).prepareStatus(next, old, w);
        FieldErrors errors = new FieldErrors();
        Steps.strategy(t).validateStatus(next, old, errors);
        Steps.refuse(t, next, errors);
        steps.admit(w);
        return next;
    }

    /** A deleted object whose last finalizer was taken goes. */
    private static boolean gone(Target t, Obj next) {
        return next.deleting() && !Steps.held(t, next) && next.number("metadata", "deletionGracePeriodSeconds").orElse(0) == 0;
    }
}
