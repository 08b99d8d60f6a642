package io.manul.controllers.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": nothing goes beyond the quota, and what was freed can be used again. */
@Timeout(120)
class QuotaSwapTest {

    private static final int MOST = 5;

    private final AtomicBoolean end = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());

    private static String used(Cluster admin) throws Exception {
        return admin.get(QuotaControllers.QUOTAS, "default", "q").orElseThrow().text("status", "used", "configmaps");
    }

    private static List<Obj> there(Cluster admin) throws Exception {
        return admin.list(Resources.CONFIG_MAPS, Selection.in("default")).items();
    }

    /** Makes and deletes; more than the quota allows is tried all the time. */
    private void load(Cluster admin, int who) {
        try {
            for (int i = 0; !end.get(); i++) {
                String name = "c" + who + "-" + i;
                try {
                    admin.create(Resources.CONFIG_MAPS, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default")));
                    made.incrementAndGet();
                } catch (ClusterException e) {
                    if (!e.getMessage().contains("exceeded quota: q, requested: configmaps=1, used: configmaps=5, limited: configmaps=5")) {
                        wrong.add(e.getMessage());
                    }
                    Thread.sleep(5);
                    continue;
                }
                int now = there(admin).size();
                if (now > MOST) {
                    wrong.add(now + " are there");
                }
                Thread.sleep(5);
                admin.delete(Resources.CONFIG_MAPS, "default", name);
            }
        } catch (Exception e) {
            wrong.add(e.toString());
        }
    }

    @Test
    void neverMoreThanAllowed() throws Exception {
        try (TestCluster api = new TestCluster()) {
            Cluster admin = api.admin();
            QuotaControllers room = new QuotaControllers(api.clusters());
            room.begin(new byte[0]);
            admin.create(QuotaControllers.QUOTAS, "default", Obj.of("metadata", Obj.of("name", "q", "namespace", "default"),
                    "spec", Obj.of("hard", Obj.of("configmaps", Integer.toString(MOST)))));
            api.await("it is counted", () -> used(admin).equals("0"));
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int who = i;
                load.add(Thread.ofVirtual().start(() -> load(admin, who)));
            }
            for (int i = 0; i < 10; i++) {
                int before = made.get();
                api.await("more is made", () -> made.get() > before + MOST || !wrong.isEmpty());
                assertEquals(0, room.health().failures());
                room.end();
                assertEquals(0, Threads.named("informer-") + Threads.named("resourcequota-"), "threads left by turn " + i);
                room = new QuotaControllers(api.clusters());
                room.begin(new byte[0]);
            }
            end.set(true);
            for (Thread t : load) {
                t.join();
            }
            assertTrue(wrong.isEmpty(), wrong::toString);
            api.await("all is free again", () -> used(admin).equals(Integer.toString(there(admin).size())));
            room.end();
        }
    }
}
