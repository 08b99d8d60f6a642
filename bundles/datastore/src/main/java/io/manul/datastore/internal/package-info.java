/** Puts the datastore's delegate, the one object that every room calls, into the OSGi service registry. */
package io.manul.datastore.internal;
