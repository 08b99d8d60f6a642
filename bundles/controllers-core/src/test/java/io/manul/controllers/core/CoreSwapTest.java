package io.manul.controllers.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns; nothing owned is deleted, nothing unowned is forgotten. */
@Timeout(120)
class CoreSwapTest {

    @Test
    void whatHasAnOwnerStaysAndWhatLostItGoes() throws Exception {
        try (Room r = new Room()) {
            Obj kept = r.configMap("kept");
            r.configMap("owned", Room.owner(kept, true));
            String uid = r.get("owned").orElseThrow().uid();
            CoreControllers[] two = {r.room, new CoreControllers(r.api.clusters(), r.api.pki())};
            for (int i = 0; i < 12; i++) {
                Obj owner = r.configMap("owner" + i);
                r.configMap("dependent" + i, Room.owner(owner, true));
                r.admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", "ns" + i)));
                r.admin.delete(Resources.CONFIG_MAPS, "default", "owner" + i,
                        i % 2 == 0 ? Propagation.BACKGROUND : Propagation.FOREGROUND, OptionalLong.empty(), "");
                if (i > 0) {
                    r.admin.delete(Resources.NAMESPACES, "", "ns" + (i - 1));
                }
                assertEquals(0, two[i % 2].health().failures());
                two[i % 2].end();
                assertEquals(0, Threads.named("informer-") + Threads.named("garbage-") + Threads.named("namespace-")
                        + Threads.named("clusterrole-aggregation-"), "threads left by turn " + i);
                r.room = two[(i + 1) % 2];
                r.room.begin(new byte[0]);
                Thread.sleep(i % 4 * 30);
            }
            r.api.await("all that lost its owner is gone", () -> r.api.list(Resources.CONFIG_MAPS).stream()
                    .noneMatch(c -> c.name().startsWith("dependent") || c.name().startsWith("owner") && !c.name().equals("owned")));
            r.api.await("one namespace is left", () -> r.api.list(Resources.NAMESPACES).stream().filter(n -> n.name().startsWith("ns")).count() == 1);
            r.settled();
            assertEquals(uid, r.get("owned").orElseThrow().uid());
            assertTrue(r.admin.get(Resources.SERVICE_ACCOUNTS, "ns11", "default").isPresent());
        }
    }
}
