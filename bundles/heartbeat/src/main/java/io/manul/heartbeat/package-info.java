/** A node's liveness over MQTT: its half publishes, the server's half keeps the node's Lease (Kubernetes, "Node heartbeats"). */
package io.manul.heartbeat;
