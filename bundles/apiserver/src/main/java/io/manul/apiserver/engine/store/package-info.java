/** Objects as bytes in the datastore: keys, the stored form, what goes out, events encoded once. */
package io.manul.apiserver.engine.store;
