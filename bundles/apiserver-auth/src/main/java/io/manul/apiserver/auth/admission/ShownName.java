package io.manul.apiserver.auth.admission;

import io.manul.json.Obj;

/** How a refusal names an object that is being created. */
final class ShownName {

    private ShownName() {
    }

    /** As upstream, which generates names after admission: a controller's tries of the same pod are refused in the same words. */
    static String of(Obj object) {
        return object.string("metadata", "generateName").filter(g -> !g.isEmpty()).orElse(object.name());
    }
}
