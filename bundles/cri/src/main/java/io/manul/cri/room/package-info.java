/** The room "cri": what the updater begins and ends, and the runtime it offers. */
package io.manul.cri.room;
