/** Upstream's default filters and scores, one class each. */
package io.manul.scheduler.plugin;
