package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.datastore.Datastore;
import java.util.Optional;

/** The keys [from, to) that a list or watch covers: a namespace, all, or the one object that a field selector names. */
record Scope(String from, String to) {

    static Scope of(Call call, Selection selection) {
        String prefix = call.prefix();
        Optional<String> name = selection.fields().required("metadata.name").filter(n -> !n.isEmpty() && n.indexOf('/') < 0);
        boolean one = !call.served().resource().namespaced() || !call.info().namespace().isEmpty();
        if (name.isPresent() && one) {
            return new Scope(prefix + name.get(), prefix + name.get() + "\0");
        }
        return new Scope(prefix, Datastore.end(prefix));
    }
}
