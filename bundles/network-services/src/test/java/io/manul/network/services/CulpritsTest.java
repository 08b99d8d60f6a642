package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Service that the kernel refuses keeps no other from being written. */
@Timeout(60)
class CulpritsTest {

    @TempDir
    Path proc;

    private static void service(Cluster admin, String name, String externalIp) throws Exception {
        admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec",
                Obj.of("externalIPs", List.of(externalIp), "ports", List.of(Obj.of("port", 80)))));
    }

    @Test
    void othersAreWrittenAndItIsSaidWhoIsNot() throws Exception {
        AtomicReference<String> written = new AtomicReference<>("");
        Tool kernel = (input, command) -> {
            if (input.contains("198.51.100.66")) {
                throw new IOException("refused");
            }
            if (command[0].equals("nft") && !command[1].equals("-c")) {
                written.accumulateAndGet(input, String::concat);
            }
            return "";
        };
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            Cluster admin = api.admin();
            for (int i = 0; i < 9; i++) {
                service(admin, "s" + i, "198.51.100." + i);
            }
            service(admin, "bad", "198.51.100.66");
            ServicesComponent room = new ServicesComponent(api.clusters(), TestCluster.SETTINGS, kernel, proc);
            room.begin(new byte[0]);
            api.await("the good ones", () -> written.get().contains("198.51.100.8"));
            api.await("an event", () -> admin.list(Resources.EVENTS, Selection.in("default")).items().stream()
                    .anyMatch(e -> e.text("reason").equals("FailedToWriteRules") && e.text("involvedObject", "name").equals("bad")));
            service(admin, "later", "198.51.100.99");
            api.await("later ones too", () -> written.get().contains("198.51.100.99"));
            Obj bad = admin.get(Resources.SERVICES, "default", "bad").orElseThrow();
            admin.update(Resources.SERVICES, "default", bad.set(List.of("198.51.100.67"), "spec", "externalIPs"));
            api.await("and itself when it is mended", () -> written.get().contains("198.51.100.67"));
            assertTrue(room.health().failures() > 0);
            room.end();
        }
    }
}
