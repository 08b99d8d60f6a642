/** The bundles of the distribution in a real Felix, by Pax Exam: what resolves, starts, leaves nothing behind; what is refused. */
package io.manul.itests.felix;
