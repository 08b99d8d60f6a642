package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.v1.Image;
import io.manul.cri.v1.Int64Value;
import io.manul.cri.v1.LinuxContainerSecurityContext;
import io.manul.cri.v1.NamespaceMode;
import io.manul.cri.v1.SecurityProfile.ProfileType;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityTest {

    private static final Image ROOT = Image.newBuilder().setUid(Int64Value.newBuilder().setValue(0)).build();
    private final Security security = new Security(Path.of("/profiles"));

    private static Pod pod(String spec, String own) {
        return new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u\"},\"spec\":{" + spec
                + (spec.isEmpty() ? "" : ",") + "\"containers\":[{\"name\":\"c\",\"securityContext\":" + own + "}]}}"));
    }

    private LinuxContainerSecurityContext of(String spec, String own, Image image) throws ConfigException {
        Pod pod = pod(spec, own);
        return security.of(pod, pod.containers().getFirst(), image);
    }

    @Test
    void usualContainersAreMaskedAndPrivilegedOnesAreNot() throws ConfigException {
        LinuxContainerSecurityContext usual = of("", "{}", ROOT);
        assertTrue(usual.getMaskedPathsList().contains("/proc/timer_list"));
        assertTrue(usual.getReadonlyPathsList().contains("/proc/sys"));
        assertEquals(ProfileType.Unconfined, usual.getSeccomp().getProfileType());
        assertFalse(usual.getNoNewPrivs());
        LinuxContainerSecurityContext privileged = of("", "{\"privileged\":true,\"allowPrivilegeEscalation\":false}", ROOT);
        assertEquals(0, privileged.getMaskedPathsCount() + privileged.getReadonlyPathsCount());
        assertFalse(privileged.getNoNewPrivs());
    }

    @Test
    void theContainersOwnBeatsThePods() throws ConfigException {
        LinuxContainerSecurityContext c = of("\"securityContext\":{\"runAsUser\":1000,\"runAsGroup\":2000,\"fsGroup\":3000,"
                + "\"supplementalGroups\":[4000],\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}",
                "{\"runAsUser\":7,\"readOnlyRootFilesystem\":true,\"allowPrivilegeEscalation\":false,"
                        + "\"capabilities\":{\"add\":[\"NET_ADMIN\"],\"drop\":[\"ALL\"]}}", ROOT);
        assertEquals(7, c.getRunAsUser().getValue());
        assertEquals(2000, c.getRunAsGroup().getValue());
        assertEquals(java.util.List.of(3000L, 4000L), c.getSupplementalGroupsList());
        assertTrue(c.getReadonlyRootfs() && c.getNoNewPrivs());
        assertEquals("NET_ADMIN", c.getCapabilities().getAddCapabilities(0));
        assertEquals("ALL", c.getCapabilities().getDropCapabilities(0));
        assertEquals(ProfileType.RuntimeDefault, c.getSeccomp().getProfileType());
    }

    @ParameterizedTest
    @CsvSource({"{},POD,CONTAINER,POD", "{\"hostNetwork\":true},NODE,CONTAINER,POD", "{\"hostPID\":true},POD,NODE,POD",
        "{\"hostIPC\":true},POD,CONTAINER,NODE", "{\"shareProcessNamespace\":true},POD,POD,POD"})
    void namespaces(String spec, NamespaceMode network, NamespaceMode pid, NamespaceMode ipc) {
        var n = security.namespaces(new Pod(Obj.parse("{\"spec\":" + spec + "}")));
        assertEquals(network, n.getNetwork());
        assertEquals(pid, n.getPid());
        assertEquals(ipc, n.getIpc());
    }

    @Test
    void runAsNonRootIsHeld() throws ConfigException {
        Image named = Image.newBuilder().setUsername("app").build();
        Image user = Image.newBuilder().setUid(Int64Value.newBuilder().setValue(65_534)).build();
        assertEquals(65_534, of("", "{\"runAsNonRoot\":true}", user).getRunAsUser().getValue());
        assertEquals(5, of("", "{\"runAsNonRoot\":true,\"runAsUser\":5}", ROOT).getRunAsUser().getValue());
        assertEquals("container has runAsNonRoot and image will run as root (pod: \"p_ns(u)\", container: c)",
                assertThrows(ConfigException.class, () -> of("", "{\"runAsNonRoot\":true}", ROOT)).getMessage());
        assertTrue(assertThrows(ConfigException.class, () -> of("\"securityContext\":{\"runAsNonRoot\":true}", "{}", named)).getMessage()
                .contains("image has non-numeric user (app)"));
        assertTrue(assertThrows(ConfigException.class, () -> of("", "{\"runAsNonRoot\":true,\"runAsUser\":0}", ROOT)).getMessage()
                .contains("breaks non-root policy"));
    }

    @Test
    void aProfileOutsideTheFolderIsRefused() throws ConfigException {
        assertEquals("/profiles/audit.json", of("", "{\"seccompProfile\":{\"type\":\"Localhost\",\"localhostProfile\":\"audit.json\"}}", ROOT)
                .getSeccomp().getLocalhostRef());
        assertThrows(ConfigException.class,
                () -> of("", "{\"seccompProfile\":{\"type\":\"Localhost\",\"localhostProfile\":\"../../etc/passwd\"}}", ROOT));
    }
}
