/**
 * What every datastore of ours shares (KINE.md 3): one sequencer with group commit, the state in memory as an immutable
 * ordered tree, recent changes in a ring that readers poll by cursor. What keeps it on a disk is a {@link CommitLog}.
 */
package io.manul.datastore.engine;
