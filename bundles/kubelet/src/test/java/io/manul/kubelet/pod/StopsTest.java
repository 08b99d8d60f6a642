package io.manul.kubelet.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Events;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ExecSyncResponse;
import io.manul.cri.v1.StopContainerResponse;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.probe.Prober;
import io.manul.kubelet.runtime.Instance;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopsTest {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final Events events = new Events() {
        @Override
        public void normal(Obj about, String reason, String message) {
            told.add(reason + " " + message);
        }

        @Override
        public void warning(Obj about, String reason, String message) {
            told.add(about.text("fieldPath") + " " + reason + " " + message);
        }

        @Override
        public void close() {
        }
    };

    private static ContainerRuntime runtime(int exit) {
        return (ContainerRuntime) Proxy.newProxyInstance(StopsTest.class.getClassLoader(), new Class<?>[] {ContainerRuntime.class},
                (p, m, a) -> m.getName().equals("stopContainer") ? StopContainerResponse.getDefaultInstance()
                        : ExecSyncResponse.newBuilder().setExitCode(exit)
                                .setStderr(com.google.protobuf.ByteString.copyFromUtf8("password=1")).build());
    }

    @Test
    void aFailedPreStopHookIsToldWithoutItsOutput() throws Exception {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                + "\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"x\"]}}}}]}}"));
        Instance c = new Instance("1", "c", "s", ContainerStatus.newBuilder().setState(ContainerState.CONTAINER_RUNNING).build());
        for (int exit : List.of(0, 5)) {
            ContainerRuntime runtime = runtime(exit);
            try (Stops stops = new Stops(runtime, new Prober(runtime), events, InstantSource.system(), () -> changes.add("changed"))) {
                stops.stop(pod, c, "", 30);
                assertEquals("changed", changes.poll(20, TimeUnit.SECONDS));
            }
        }
        assertEquals(List.of("spec.containers{c} FailedPreStopHook PreStopHook failed"), List.copyOf(told));
    }
}
