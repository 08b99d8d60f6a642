/**
 * Keeps values by key and revision and hands out their changes in order: the semantics of etcd's v3 API that the Kubernetes
 * API server relies on (KINE.md 1.2), without its transport. Knows no database.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.datastore;
