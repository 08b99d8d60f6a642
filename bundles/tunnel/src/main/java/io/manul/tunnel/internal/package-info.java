/** The server's end. */
package io.manul.tunnel.internal;
