/** Keeps the datastore's log in one SQLite file, {@code DATA/server/db/state.db} (KINE.md 3.4 to 3.8). */
package io.manul.kine.internal;
