package io.manul.apiserver.engine.write;

import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Operation;
import io.manul.datastore.KeyValue;
import io.manul.json.Obj;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Deletes: at once, after a grace period, or when the last finalizer is gone (Kubernetes, "Garbage Collection", "Finalizers"). */
public final class Deleter {

    private static final int TRIES = 10;
    private static final Set<String> POLICIES = Set.of("Background", "Foreground", "Orphan");

    private final Steps steps;
    private final Changer changer;

    Deleter(Steps steps, Changer changer) {
        this.steps = steps;
        this.changer = changer;
    }

    /** @param asked its options are the DeleteOptions */
    public Stored delete(Target asked) throws ApiException {
        options(asked.options());
        Target t = dry(asked);
        for (int i = 0; i < TRIES; i++) {
            KeyValue kv = changer.stored(t).orElseThrow(t::notFound);
            Optional<Stored> done = once(t, kv);
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw ApiException.modified(t.group(), t.resource(), t.name());
    }

    /** dryRun may stand in the options instead of the query: in a body, and in an Eviction's deleteOptions. */
    private static Target dry(Target t) {
        boolean dry = t.dryRun() || t.options().strings("dryRun").contains("All");
        return new Target(t.served(), t.namespace(), t.name(), t.sub(), t.user(), dry, t.options(), t.warnings());
    }

    private static void options(Obj options) throws ApiException {
        FieldErrors errors = new FieldErrors();
        String policy = options.text("propagationPolicy");
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            errors.notSupported("propagationPolicy", policy, POLICIES);
        }
        if (!policy.isEmpty() && options.has("orphanDependents")) {
            errors.invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set");
        }
        options.strings("dryRun").stream().filter(v -> !v.equals("All")).forEach(v -> errors.notSupported("dryRun", v, Set.of("All")));
        if (options.number("gracePeriodSeconds").orElse(0) < 0) {
            options.put("gracePeriodSeconds", 1); // as upstream: the shortest
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid("meta.k8s.io", "DeleteOptions", "", errors);
        }
    }

    private Optional<Stored> once(Target t, KeyValue kv) throws ApiException {
        Obj old = Encoding.parse(kv.value(), kv.modRevision());
        preconditions(t, old, kv.modRevision());
        steps.admit(steps.write(t, Operation.DELETE, null, old));
        Obj next = old.copy();
        finalizers(t, next);
        long grace = grace(t, old);
        boolean held = Steps.held(t, next);
        if (grace == 0 && !held) {
            return steps.remove(t, kv.modRevision()) ? Optional.of(new Stored(kv.value(), kv.modRevision(), true)) : Optional.empty();
        }
        mark(t, next, grace);
        if (next.equals(old)) {
            return Optional.of(new Stored(kv.value(), kv.modRevision(), false)); // is going already
        }
        return steps.put(t, next, old, kv.modRevision());
    }

    private void preconditions(Target t, Obj old, long revision) throws ApiException {
        String uid = t.options().text("preconditions", "uid");
        if (!uid.isEmpty() && !uid.equals(old.uid())) {
            throw ApiException.conflict(t.group(), t.resource(), t.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + old.uid());
        }
        String version = t.options().text("preconditions", "resourceVersion");
        if (!version.isEmpty() && !version.equals(Long.toString(revision))) {
            throw ApiException.conflict(t.group(), t.resource(), t.name(), "Precondition failed: ResourceVersion in precondition: " + version
                    + ", ResourceVersion in object meta: " + revision);
        }
    }

    private static void finalizers(Target t, Obj next) {
        Obj options = t.options();
        String policy = options.text("propagationPolicy");
        if (policy.isEmpty() && options.has("orphanDependents")) {
            policy = options.flag("orphanDependents") ? "Orphan" : "Background";
        }
        List<String> all = new ArrayList<>(next.strings("metadata", "finalizers"));
        boolean decided = all.contains("orphan") || all.contains("foregroundDeletion");
        if (policy.isEmpty() && (decided || !Steps.strategy(t).orphansDependents())) {
            return; // what is set stays; without any it is the background
        }
        policy = policy.isEmpty() ? "Orphan" : policy;
        all.removeAll(List.of("orphan", "foregroundDeletion"));
        if (policy.equals("Orphan")) {
            all.add("orphan");
        } else if (policy.equals("Foreground")) {
            all.add("foregroundDeletion");
        }
        next.set(all.isEmpty() ? null : all, "metadata", "finalizers");
    }

    /** Seconds until it goes; 0: at once. */
    private static long grace(Target t, Obj old) {
        OptionalLong own = Steps.strategy(t).graceSeconds(old);
        if (own.isEmpty() || own.getAsLong() == 0) {
            return 0;
        }
        return t.options().number("gracePeriodSeconds").orElse(own.getAsLong());
    }

    private void mark(Target t, Obj next, long grace) {
        OptionalLong before = next.number("metadata", "deletionGracePeriodSeconds");
        if (next.deleting() && before.isPresent() && before.getAsLong() <= grace) {
            return; // a longer grace than the one that runs changes nothing
        }
        next.set(steps.core().now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(grace).toString(), "metadata", "deletionTimestamp");
        next.set(grace, "metadata", "deletionGracePeriodSeconds");
        if (Steps.strategy(t).generation()) {
            next.set(next.number("metadata", "generation").orElse(0) + 1, "metadata", "generation");
        }
        if (t.group().isEmpty() && t.resource().equals("namespaces")) {
            next.set("Terminating", "status", "phase");
        }
    }
}
