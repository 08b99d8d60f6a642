package io.manul.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.api.gate.Gate;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListContainersResponse;
import io.manul.cri.v1.StartContainerRequest;
import io.manul.cri.v1.VersionRequest;
import io.manul.cri.v1.VersionResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatedContainerRuntimeTest {

    private final Gate<ContainerRuntime> gate = new Gate<>("cri", Duration.ofMillis(50));
    private final ContainerRuntime gated = new GatedContainerRuntime(gate);

    private static ContainerRuntime runtime(InvocationHandler handler) {
        return (ContainerRuntime) Proxy.newProxyInstance(ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class}, handler);
    }

    @Test
    void aClosedGateIsUnavailable() {
        CriException e = assertThrows(CriException.class, () -> gated.version(VersionRequest.getDefaultInstance()));
        assertEquals(CriException.Code.UNAVAILABLE, e.code());
    }

    @Test
    void everyMethodReachesTheProvidersMethodOfThatName() throws Exception {
        String[] called = new String[1];
        gate.flip(runtime((proxy, method, arguments) -> {
            called[0] = method.getName();
            return null;
        }), "1");
        for (var method : ContainerRuntime.class.getMethods()) {
            method.invoke(gated, new Object[method.getParameterCount()]);
            assertEquals(method.getName(), called[0]);
        }
        assertEquals(0, gate.current().orElseThrow().active());
    }

    @Test
    void aRepeatableCallThatTheReplacedVersionCutRunsAgainOnTheNext() throws Exception {
        ContainerRuntime next = runtime((p, m, a) -> VersionResponse.newBuilder().setVersion("next").build());
        gate.flip(cutBy(next), "1");
        assertEquals("next", gated.version(VersionRequest.getDefaultInstance()).getVersion());
    }

    @Test
    void aCallThatMustNotRunTwiceIsToldAsUnavailable() {
        gate.flip(cutBy(runtime((p, m, a) -> {
            throw new AssertionError("ran twice");
        })), "1");
        CriException e = assertThrows(CriException.class, () -> gated.startContainer(StartContainerRequest.getDefaultInstance()));
        assertEquals(CriException.Code.UNAVAILABLE, e.code());
    }

    @Test
    void aVersionThatServesOnIsNotAskedAgain() {
        int[] calls = new int[1];
        gate.flip(runtime((p, m, a) -> {
            calls[0]++;
            throw new CriException(CriException.Code.UNAVAILABLE, "containerd restarts");
        }), "1");
        assertThrows(CriException.class, () -> gated.listContainers(ListContainersRequest.getDefaultInstance()));
        assertEquals(1, calls[0]);
    }

    @Test
    void faultsOfTheVersionAreCountedAnswersOfTheRuntimeAreNot() throws Exception {
        gate.flip(runtime((p, m, a) -> {
            if (m.getName().equals("listContainers")) {
                return ListContainersResponse.getDefaultInstance();
            }
            throw m.getName().equals("version") ? new IllegalStateException("bug")
                    : new CriException(CriException.Code.NOT_FOUND, "no such container");
        }), "1");
        gated.listContainers(ListContainersRequest.getDefaultInstance());
        assertThrows(CriException.class, () -> gated.startContainer(StartContainerRequest.getDefaultInstance()));
        assertThrows(IllegalStateException.class, () -> gated.version(VersionRequest.getDefaultInstance()));
        assertEquals(2, gate.current().orElseThrow().succeeded());
        assertEquals(1, gate.current().orElseThrow().failed());
    }

    private ContainerRuntime cutBy(ContainerRuntime next) {
        return runtime((p, m, a) -> {
            gate.flip(next, "2");
            throw new CriException(CriException.Code.UNAVAILABLE, "this version ends");
        });
    }
}
