package io.manul.scheduler.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.PodInfo;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PodQueueTest {

    private static final Set<String> FIT = Set.of("NodeResourcesFit");
    private static final Change GONE = new Change.Pod(null, null);
    private static final Change NODE = new Change.Node(null, NodeFacts.of(Obj.of()));

    private final AtomicLong nanos = new AtomicLong();
    /** A pod that goes helps those that lacked room, a node helps all. */
    private final PodQueue queue = new PodQueue(nanos::get, PodQueue.Pace.DEFAULT, (pod, blamed, change) -> change == NODE || blamed.equals(FIT));

    private static Key key(String name) {
        return new Key("d", name);
    }

    private static Obj object(String name, long priority) {
        return Obj.of("metadata", Obj.of("namespace", "d", "name", name, "uid", name), "spec", Obj.of("priority", priority));
    }

    private void offer(String name, long priority) {
        queue.offer(PodInfo.of(object(name, priority)));
    }

    private void next(String expected) throws InterruptedException {
        assertEquals(key(expected), queue.take().key());
    }

    @Test
    void higherPriorityFirstThenTheOlder() throws InterruptedException {
        offer("low", 0);
        offer("old", 5);
        offer("new", 5);
        for (String expected : new String[] {"old", "new", "low"}) {
            next(expected);
            queue.remove(key(expected));
        }
    }

    @Test
    void onePodThatFoundNoNodeDoesNotHoldUpOthers() throws InterruptedException {
        offer("big", 9);
        offer("small", 0);
        next("big");
        queue.unplaced(key("big"), FIT, false);
        next("small");
        queue.remove(key("small"));
        queue.changed(NODE);
        next("big"); // nobody waits for an idle scheduler
    }

    @Test
    void theBackOffIsKeptWhileOthersAreDue() throws InterruptedException {
        offer("big", 9);
        next("big");
        queue.unplaced(key("big"), FIT, false);
        offer("small", 0);
        queue.changed(NODE);
        next("small");
        queue.remove(key("small"));
        offer("another", 0);
        nanos.addAndGet(PodQueue.Pace.DEFAULT.first().toNanos());
        next("big");
    }

    @Test
    void withoutAChangeItRestsForFiveMinutes() throws InterruptedException {
        offer("big", 0);
        next("big");
        queue.unplaced(key("big"), FIT, false);
        nanos.addAndGet(PodQueue.REST_MOST.toNanos());
        next("big");
    }

    @Test
    void onlyWhatMayHelpEndsTheRest() throws InterruptedException {
        offer("tainted", 9);
        offer("crowded", 0);
        next("tainted");
        queue.unplaced(key("tainted"), Set.of("TaintToleration"), false);
        next("crowded");
        queue.unplaced(key("crowded"), FIT, false);
        nanos.addAndGet(PodQueue.Pace.DEFAULT.most().toNanos());
        queue.changed(GONE);
        next("crowded");
        queue.unplaced(key("crowded"), FIT, false);
        nanos.addAndGet(PodQueue.Pace.DEFAULT.most().toNanos());
        queue.changed(NODE);
        next("tainted");
    }

    @Test
    void whatChangedDuringTheTryCounts() throws InterruptedException {
        offer("big", 0);
        next("big");
        queue.changed(GONE);
        queue.unplaced(key("big"), FIT, false);
        next("big");
    }

    @Test
    void afterAnErrorTheBackOffIsKept() throws InterruptedException {
        offer("big", 1);
        offer("other", 0);
        next("big");
        queue.failed(key("big"));
        queue.changed(NODE);
        next("other");
        queue.unplaced(key("other"), FIT, false);
        queue.changed(NODE);
        next("other");
    }

    @Test
    void aGateHoldsAPodUntilItIsGone() throws InterruptedException {
        Obj gated = object("gated", 9);
        gated.make("spec").put("schedulingGates", List.of(Obj.of("name", "g")));
        queue.offer(PodInfo.of(gated));
        offer("other", 0);
        next("other");
        queue.remove(key("other"));
        offer("gated", 9);
        next("gated");
    }

    @Test
    void whileOthersArePushedOutItRestsAndForgetsNothing() throws InterruptedException {
        offer("high", 9);
        next("high");
        queue.unplaced(key("high"), FIT, true);
        queue.changed(GONE);
        offer("other", 0);
        next("other");
        queue.unplaced(key("other"), FIT, false);
        queue.released(key("high"), true);
        next("high");
    }

    @Test
    void aPodOfTheSameNameIsAnother() throws InterruptedException {
        offer("p", 0);
        next("p");
        Obj other = object("p", 0);
        other.make("metadata").put("uid", "other");
        queue.offer(PodInfo.of(other));
        queue.unplaced(key("p"), FIT, false); // of the one before
        assertEquals("other", queue.take().id().uid());
    }

    @Test
    void closingWakesTheLoop() throws InterruptedException {
        queue.close();
        assertNull(queue.take());
    }
}
