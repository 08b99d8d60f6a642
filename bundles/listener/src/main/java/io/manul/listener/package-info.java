/**
 * Owns every connection: sockets, TLS, HTTP/1.1 (RFC 9112), HTTP/2 (RFC 9113), and the same exchanges inside this JVM. Rooms
 * see whole requests and resumable answers through {@code io.manul.api.http}; a swap is not visible on any connection.
 */
package io.manul.listener;
