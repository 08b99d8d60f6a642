/** An MQTT 5 broker for node heartbeats: TLS with client certificates, sessions in memory, everything bounded (OASIS MQTT 5.0). */
package io.manul.broker;
