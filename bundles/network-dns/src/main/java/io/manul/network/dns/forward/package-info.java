/** Asking other servers, and keeping what they said for a while (RFC 1034, 5.3; RFC 2308). */
package io.manul.network.dns.forward;
