package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Loopback;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a room begins and rests, against an API that is told what it holds. */
@Timeout(30)
class DemandTest {

    private static final String JOBS = "/apis/batch/v1/jobs";

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final Api api = new Api();
    private volatile boolean awake;
    private volatile long calls;
    private Demand demand;

    private final Demand.Bed bed = new Demand.Bed() {
        @Override
        public void wake(String room) {
            if (!awake) {
                awake = true;
                done.add("wake");
            }
        }

        @Override
        public void rest(String room) {
            awake = false;
            done.add("rest");
        }

        @Override
        public boolean awake(String room) {
            return awake;
        }

        @Override
        public long calls(String room) {
            return calls;
        }
    };

    private Demand start(String... wakesWith) {
        demand = new Demand("room", List.of(wakesWith), bed, () -> Optional.of(api), Duration.ofMillis(20));
        demand.start();
        return demand;
    }

    @AfterEach
    void end() throws InterruptedException {
        demand.close();
    }

    private String next() throws InterruptedException {
        String what = done.poll(20, TimeUnit.SECONDS);
        return what == null ? "nothing" : what;
    }

    @Test
    void aRoomBeginsWithItsFirstObjectAndRestsAfterItsLast() throws Exception {
        start(JOBS);
        api.put(JOBS, 1);
        assertEquals("wake", next());
        api.put(JOBS, 0);
        assertEquals("rest", next());
        api.put(JOBS, 2);
        assertEquals("wake", next());
    }

    @Test
    void oneOfSeveralCollectionsIsEnough() throws Exception {
        start(JOBS, "/apis/batch/v1/cronjobs");
        api.put("/apis/batch/v1/cronjobs", 1);
        assertEquals("wake", next());
    }

    @Test
    void aCollectionThatComesLaterIsSeen() throws Exception {
        api.serve(JOBS, false);
        start(JOBS);
        api.serve(JOBS, true);
        api.put(JOBS, 1);
        assertEquals("wake", next());
    }

    /** The definition is there by the time that the definitions are asked for: no event of it comes any more. */
    @Test
    void aCollectionThatComesBetweenTwoQuestionsIsSeen() throws Exception {
        api.serve(JOBS, false);
        api.put(JOBS, 1);
        api.servedByQuestion = JOBS;
        start(JOBS);
        assertEquals("wake", next());
    }

    /** It is served a moment after its definition was there, without any event. */
    @Test
    void aCollectionThatIsServedLateIsSeen() throws Exception {
        api.serve(JOBS, false);
        api.put(JOBS, 1);
        api.refusals = 3;
        start(JOBS);
        assertEquals("wake", next());
    }

    @Test
    void aCallWakesAndSilenceRests() throws Exception {
        start(Demand.CALL);
        demand.called();
        assertEquals("wake", next());
        assertEquals("rest", next());
    }

    @Test
    void whatTheApiDoesNotSayCountsAsNeeded() throws Exception {
        start(JOBS);
        assertFalse(demand.needed());
        api.broken = true;
        assertTrue(demand.needed());
    }

    /** Lists and watches by number of objects; definitions change when a collection is served. */
    private static final class Api implements Loopback {
        private final Map<String, Integer> objects = new java.util.HashMap<>();
        private final java.util.Set<String> missing = new java.util.HashSet<>();
        private volatile boolean broken;
        /** Answers of 404 until it is served, without an event of a definition; 0: none. */
        private int refusals;
        /** Is served once the definitions were asked for. */
        private volatile String servedByQuestion = "";
        private int version = 1;

        synchronized void put(String path, int count) {
            objects.put(path, count);
            version++;
            notifyAll();
        }

        synchronized void serve(String path, boolean served) {
            if (served ? missing.remove(path) : missing.add(path)) {
                version++;
                notifyAll();
            }
        }

        @Override
        public synchronized Response call(String room, Request request) throws IOException {
            if (broken) {
                throw new IOException("broken on purpose");
            }
            String path = request.target().replaceFirst("\\?.*", "");
            if (path.contains("definitions") && !servedByQuestion.isEmpty()) {
                serve(servedByQuestion, true);
            }
            if (missing.contains(path) && refusals > 0 && --refusals == 0) {
                missing.remove(path);
            }
            List<Obj> items = objects.getOrDefault(path, 0) > 0 ? List.of(Obj.of("metadata", Obj.of("name", "x"))) : List.of();
            byte[] body = Obj.of("metadata", Obj.of("resourceVersion", Integer.toString(version)), "items", items).bytes();
            return new Response(missing.contains(path) ? 404 : 200, Map.of(), body);
        }

        @Override
        public Stream open(String room, Request request) {
            String path = request.target().replaceFirst("\\?.*", "");
            int from = Integer.parseInt(request.target().replaceFirst(".*resourceVersion=", ""));
            return new Stream() {
                private int told = from;

                @Override
                public int status() {
                    return 200;
                }

                @Override
                public Optional<byte[]> next(Duration wait) throws InterruptedException {
                    synchronized (Api.this) {
                        while (told == version) {
                            Api.this.wait();
                        }
                        told = version;
                        String type = path.contains("definitions") ? "MODIFIED" : objects.getOrDefault(path, 0) > 0 ? "ADDED" : "DELETED";
                        return Optional.of(("{\"type\":\"" + type + "\",\"object\":{}}\n").getBytes(StandardCharsets.UTF_8));
                    }
                }

                @Override
                public boolean ended() {
                    return false;
                }

                @Override
                public void close() {
                }
            };
        }
    }
}
