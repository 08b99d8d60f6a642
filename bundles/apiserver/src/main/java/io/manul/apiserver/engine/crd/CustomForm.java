package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.Form;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.json.Obj;

/**
 * How a version of a custom kind shows what is stored: the apiVersion is exchanged (conversion strategy None), and defaults
 * that came into the schema later are filled in ("Defaulting", when reading). Without defaults bytes are only copied.
 * Deviation: fields that left the schema later are shown until the object is written the next time.
 */
record CustomForm(String apiVersion, String stored, StructuralModel model) implements Form {

    @Override
    public byte[] out(byte[] value, long revision) {
        if (revision != 0 && !model.defaulting()) {
            return Encoding.out(value, revision, apiVersion);
        }
        return show(revision == 0 ? Obj.parse(value) : Encoding.parse(value, revision)).bytes();
    }

    @Override
    public Obj show(Obj object) {
        model.defaults(object);
        return object.put("apiVersion", apiVersion);
    }

    @Override
    public Obj store(Obj object) {
        return object.put("apiVersion", stored);
    }
}
