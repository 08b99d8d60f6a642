package io.manul.apiserver.kinds;

import io.manul.json.Obj;

/** Fills in a value where there is none. */
public final class Defaults {

    private Defaults() {
    }

    /** Sets each key that is absent or null. */
    public static void fill(Obj o, Object... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (!o.has((String) keysAndValues[i])) {
                o.put((String) keysAndValues[i], keysAndValues[i + 1]);
            }
        }
    }
}
