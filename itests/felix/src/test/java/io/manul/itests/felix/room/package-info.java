/** What the test packs into bundles: a room with a fault. */
package io.manul.itests.felix.room;
