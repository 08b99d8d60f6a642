/** The whiteboard for scheduler plug-ins: a bundle registers a {@code SchedulerPlugin} and is asked for every pod. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.manul.scheduler.api;
