package io.manul.datastore.engine;

/** The state at a revision; what a reader holds. */
record Snapshot(Tree tree, long revision, long compact) {
}
