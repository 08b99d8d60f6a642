/** What the person who started the server asked for, resolved and checked once by the launcher. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.api.settings;
