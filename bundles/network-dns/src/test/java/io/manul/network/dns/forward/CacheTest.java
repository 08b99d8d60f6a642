package io.manul.network.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Rr;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CacheTest {

    private final AtomicLong clock = new AtomicLong();
    private final Cache cache = new Cache(clock::get, 10_000, 30, 10);

    private static Cache.Key key(String name) {
        return new Cache.Key(new Question(Name.of(name), 1, 1), false, false);
    }

    private static Answer one(String name, int ttl) {
        return Answer.of(List.of(Rr.address(Name.of(name), ttl, new byte[4])), List.of());
    }

    @Test
    void itIsKeptForItsTimeAndNotLongerThanAllowed() {
        cache.put(key("a"), one("a", 300));
        cache.put(key("b"), one("b", 3));
        cache.put(key("c"), one("c", 0));
        clock.addAndGet(2_500_000_000L);
        assertEquals(28, cache.get(key("A")).orElseThrow().answers().getFirst().ttl());
        assertEquals(1, cache.get(key("b")).orElseThrow().answers().getFirst().ttl());
        assertTrue(cache.get(key("c")).isEmpty());
        clock.addAndGet(1_000_000_000L);
        assertTrue(cache.get(key("b")).isEmpty());
        clock.addAndGet(27_000_000_000L);
        assertTrue(cache.get(key("a")).isEmpty());
        assertEquals(0, cache.octets());
    }

    @Test
    void aNoWithoutItsSoaIsNotKept() {
        cache.put(key("a"), new Answer(Rcode.NXDOMAIN, List.of(), List.of(), List.of(), false));
        cache.put(key("f"), Answer.failed(Rcode.SERVFAIL));
        assertEquals(0, cache.size());
        cache.put(key("a"), Answer.no(Rcode.NXDOMAIN, Rr.soa(Name.of("z"), 900, Name.ROOT, Name.ROOT, 1, 900)));
        clock.addAndGet(9_900_000_000L);
        assertEquals(Rcode.NXDOMAIN, cache.get(key("a")).orElseThrow().code());
        clock.addAndGet(200_000_000L);
        assertTrue(cache.get(key("a")).isEmpty());
    }

    @Test
    void theLeastUsedGoesWhenItIsFull() {
        for (int i = 0; i < 1000; i++) {
            cache.put(key("n" + i), one("n" + i, 30));
            cache.get(key("n0"));
            assertTrue(cache.octets() <= 10_000);
        }
        assertTrue(cache.get(key("n0")).isPresent() && cache.get(key("n1")).isEmpty());
        assertTrue(cache.size() > 20 && cache.size() < 50, "size " + cache.size());
    }
}
