/** What a replaceable room tells the updater: ready, begin, end, what it offers. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.api.component;
