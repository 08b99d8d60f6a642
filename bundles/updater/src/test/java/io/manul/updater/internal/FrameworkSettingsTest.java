package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameworkSettingsTest {

    private static Settings of(Map<String, String> flags) {
        return new FrameworkSettings(name -> name.startsWith("manul.") ? flags.get(name.substring("manul.".length())) : null);
    }

    @Test
    void everyKey() {
        Settings s = of(Map.ofEntries(Map.entry("data-dir", "/d"), Map.entry("run-dir", "/r"), Map.entry("write-kubeconfig", "/k.yaml"),
                Map.entry("write-kubeconfig-mode", "640"), Map.entry("bind-address", "192.0.2.1"), Map.entry("https-listen-port", "7443"),
                Map.entry("kubelet-port", "11250"), Map.entry("node-ip", "192.0.2.2"), Map.entry("node-name", "cam-7"),
                Map.entry("node-label", "a=b=c\nempty"), Map.entry("node-taint", "k=v:NoSchedule\nx:NoExecute"), Map.entry("tls-san", "m.example"),
                Map.entry("cluster-cidr", "10.1.0.0/16"), Map.entry("service-cidr", "10.2.0.0/16"), Map.entry("cluster-dns", "10.2.0.10"),
                Map.entry("cluster-domain", "c.example"), Map.entry("service-node-port-range", "100-200"),
                Map.entry("container-runtime-endpoint", "unix:///run/c.sock"), Map.entry("disable", "one\ntwo"), Map.entry("debug", "true"),
                Map.entry("version", "0.1.0"), Map.entry("home", "/h"), Map.entry("mqtt-endpoint", "b:1")));
        assertEquals(List.of(Path.of("/d"), Path.of("/r"), Path.of("/k.yaml"), Path.of("/h")), List.of(s.dataDir(), s.runDir(), s.kubeconfig(), s.home()));
        assertEquals(0640, s.kubeconfigMode());
        assertEquals(List.of("192.0.2.1", "192.0.2.2", "cam-7", "10.1.0.0/16", "10.2.0.0/16", "10.2.0.10", "c.example", "0.1.0"), List.of(s.bindAddress(),
                s.nodeIp(), s.nodeName(), s.clusterCidr(), s.serviceCidr(), s.clusterDns(), s.clusterDomain(), s.version()));
        assertEquals(List.of(7443, 11250, 100, 200), List.of(s.httpsPort(), s.kubeletPort(), s.nodePortFirst(), s.nodePortLast()));
        assertEquals(Map.of("a", "b=c", "empty", ""), s.nodeLabels());
        assertEquals(List.of("k=v:NoSchedule", "x:NoExecute"), s.nodeTaints());
        assertEquals(List.of("m.example"), s.tlsSans());
        assertEquals(List.of("one", "two"), s.disable());
        assertEquals(Optional.of(Path.of("/run/c.sock")), s.containerRuntimeEndpoint());
        assertEquals(Optional.of("b:1"), s.other("mqtt-endpoint"));
        assertTrue(s.debug());
    }

    @Test
    void whatMayBeLeftOut() {
        Settings s = of(Map.of("node-label", ""));
        assertEquals(Map.of(), s.nodeLabels());
        assertEquals(List.of(), s.nodeTaints());
        assertEquals(List.of(), s.disable());
        assertEquals(Optional.empty(), s.containerRuntimeEndpoint());
        assertEquals(Optional.empty(), s.other("anything"));
        assertFalse(s.debug());
    }

    @Test
    void whatOnlyTheLauncherKnowsIsAskedOfIt() {
        assertEquals("framework property manul.data-dir is not set: start the framework through the launcher",
                assertThrows(IllegalStateException.class, () -> of(Map.of()).dataDir()).getMessage());
    }
}
