package io.manul.apiserver.spi;

import io.manul.json.Obj;

/** Where admission books what it lets in: the status of an object that was read. Safe from any thread. */
public interface Ledger {
    /**
     * Stores the object as it is given, without admission of its own.
     *
     * @param object as a {@link Reader} gave it, its status changed
     * @return false when somebody wrote or deleted it since: read it again
     */
    boolean replace(String group, String resource, Obj object) throws ApiException;
}
