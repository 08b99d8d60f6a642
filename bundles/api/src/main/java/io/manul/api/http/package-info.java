/** Whole requests and resumable responses, as a room sees them; the listener owns the connection. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.manul.api.http;
