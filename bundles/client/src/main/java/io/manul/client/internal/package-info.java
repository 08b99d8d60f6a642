/** The API as requests and answers: over the loopback inside this JVM, over HTTPS from elsewhere. */
package io.manul.client.internal;
