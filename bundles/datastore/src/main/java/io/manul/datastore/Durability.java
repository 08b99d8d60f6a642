package io.manul.datastore;

/** When a write is acknowledged. */
public enum Durability {
    /** After it is on the disk. */
    DURABLE,
    /**
     * As soon as it is visible (it takes a real revision and is watchable at once); on disk with the next durable commit or
     * within 30 s, several writes of a key as one. For leases whose holder does not change. After a crash the store goes on
     * above every revision it ever gave out, and everything before is compacted.
     */
    VOLATILE
}
