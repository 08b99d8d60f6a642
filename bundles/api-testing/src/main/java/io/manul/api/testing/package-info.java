/** For tests of rooms: settings, keys, the threads that live. */
package io.manul.api.testing;
