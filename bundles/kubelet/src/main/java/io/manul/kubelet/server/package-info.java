/** The kubelet's HTTP endpoints: logs, exec, attach, port-forward. */
package io.manul.kubelet.server;
