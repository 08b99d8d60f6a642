package io.manul.apiserver.engine.kind;

import io.manul.apiserver.engine.store.Encoding;
import io.manul.json.Obj;

/** How one served version shows what is stored in another one, and back. Stateless. */
public interface Form {

    /** apiVersion as shown; part of the identity of an encoding. */
    String apiVersion();

    /** The bytes that a client of this version sees. @param revision 0 leaves resourceVersion out */
    byte[] out(byte[] stored, long revision);

    /** Stored to shown, in place. */
    Obj show(Obj stored);

    /** Shown to stored, in place. */
    Obj store(Obj shown);

    /** The version that is stored. */
    static Form same(String apiVersion) {
        return new Renamed(apiVersion, apiVersion);
    }

    /** Another version with the same fields. */
    static Form renamed(String shown, String stored) {
        return new Renamed(shown, stored);
    }

    /** Versions that differ in their apiVersion only. */
    record Renamed(String apiVersion, String stored) implements Form {
        @Override
        public byte[] out(byte[] value, long revision) {
            if (revision == 0) {
                return apiVersion.equals(stored) ? value : show(Obj.parse(value)).bytes();
            }
            // custom resources may have been stored when another version was the stored one
            return Encoding.out(value, revision, apiVersion);
        }

        @Override
        public Obj show(Obj object) {
            return object.put("apiVersion", apiVersion);
        }

        @Override
        public Obj store(Obj object) {
            return object.put("apiVersion", stored);
        }
    }

    /** A version with fields of its own: goes through the object. */
    abstract class Converted implements Form {
        @Override
        public final byte[] out(byte[] value, long revision) {
            Obj object = revision == 0 ? Obj.parse(value) : Encoding.parse(value, revision);
            return show(object).bytes();
        }
    }
}
