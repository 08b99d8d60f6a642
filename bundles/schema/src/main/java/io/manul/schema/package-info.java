/**
 * Everything the apiserver must know of every built-in kind, as data: groups, versions, resources, sub-resources, object
 * types and their fields, as the Kubernetes v1.36 API reference and discovery state them. Immutable, safe from any thread.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.schema;
