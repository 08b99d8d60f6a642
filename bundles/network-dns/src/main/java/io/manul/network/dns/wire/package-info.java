/** DNS messages: names, records, reading and writing (RFC 1035, 6891, 2181). */
package io.manul.network.dns.wire;
