/**
 * How components reach the Kubernetes API: {@link io.manul.client.Cluster}, informers and work queues; the same interface
 * inside this JVM and over HTTPS. Semantics of the Kubernetes "API concepts" page. Unknown fields are kept: objects are
 * {@link io.manul.json.Obj}, and components patch rather than write back what they read.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package io.manul.client;
