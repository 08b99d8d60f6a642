package io.manul.apiserver.engine.write;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.Optional;
import java.util.UUID;

/** Creates an object (Kubernetes, "API concepts"; ObjectMeta). Safe from any thread. */
public final class Creator {

    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int MOST_NAME = 63;
    private static final int TRIES = 8;

    private final Steps steps;

    Creator(Steps steps) {
        this.steps = steps;
    }

    /** @param object decoded, in the stored version's form; changed */
    public Stored create(Target t, Obj object) throws ApiException {
        return steps.oneAtATime(t, () -> inOrder(t, object));
    }

    private Stored inOrder(Target t, Obj object) throws ApiException {
        String generate = object.name().isEmpty() ? object.text("metadata", "generateName") : "";
        for (int i = 0;; i++) {
            Obj one = generate.isEmpty() ? object : object.copy().set(generated(generate), "metadata", "name");
            Optional<Stored> stored = once(t, one);
            if (stored.isPresent()) {
                return stored.get();
            }
            if (generate.isEmpty() || i == TRIES) {
                throw ApiException.alreadyExists(t.group(), t.resource(), one.name());
            }
        }
    }

    private String generated(String prefix) {
        StringBuilder name = new StringBuilder(prefix.length() > MOST_NAME - SUFFIX ? prefix.substring(0, MOST_NAME - SUFFIX) : prefix);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(LETTERS.charAt(steps.core().random().nextInt(LETTERS.length())));
        }
        return name.toString();
    }

    private Optional<Stored> once(Target t, Obj object) throws ApiException {
        metadata(t, object);
        steps.defaults(t, object);
        if (t.served().hasStatus() && !Steps.strategy(t).statusOnCreate()) {
            object.remove("status");
        }
        Write w = steps.write(t, Operation.CREATE, object, null);
        steps.mutate(w);
        steps.defaults(t, object);
        Steps.strategy(t).prepareCreate(object, w);
        steps.validate(t, object, null);
        steps.admit(w);
        return steps.put(t, object, null, 0);
    }

    private void metadata(Target t, Obj object) throws ApiException {
        Obj metadata = object.make("metadata");
        if (!t.served().refusal().isEmpty()) {
            throw ApiException.notImplemented(t.served().resource().kind() + " objects are not taken: " + t.served().refusal());
        }
        if (!metadata.text("resourceVersion").isEmpty() && !metadata.text("resourceVersion").equals("0")) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        if (t.served().resource().namespaced()) {
            if (!metadata.text("namespace").isEmpty() && !metadata.text("namespace").equals(t.namespace())) {
                throw ApiException.badRequest("the namespace of the provided object does not match the namespace sent on the request");
            }
            metadata.put("namespace", t.namespace());
        }
        for (String ours : new String[] {"resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"}) {
            metadata.remove(ours);
        }
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", steps.now());
        if (Steps.strategy(t).generation()) {
            metadata.put("generation", 1);
        } else {
            metadata.remove("generation");
        }
    }
}
