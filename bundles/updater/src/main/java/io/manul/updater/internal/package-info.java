/** Decides who acts and who serves (DESIGN.md, How a swap loses nothing): the gates, the order of the start, the swap. */
package io.manul.updater.internal;
