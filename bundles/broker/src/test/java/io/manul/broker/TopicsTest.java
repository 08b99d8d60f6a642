package io.manul.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples of MQTT 5.0, 4.7. */
class TopicsTest {

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true", "a/b, a/c, false", "a/b, a, false", "a, a/b, false",
        "'#', a, true", "'#', a/b/c, true", "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true", "sport/#, sport, true", "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false", "sport/+, sport, false", "sport/+, sport/, true",
        "+/+, /finance, true", "/+, /finance, true", "+, /finance, false", "'#', $SYS/x, false", "+/x, $SYS/x, false", "$SYS/#, $SYS/x, true",
        "a/+/c, a/b/c, true", "a/+/c, a/b/d, false", "a/+/#, a/b, true", "a/+/#, a, false",
    })
    void matches(String filter, String topic, boolean yes) {
        assertEquals(yes, Topics.matches(filter, topic));
        TopicTree tree = new TopicTree();
        Session s = new Session(new Access("x", "", ""), "c");
        tree.add(s, new Subscription(filter, 0, false, false, 0));
        int[] found = {0};
        tree.match(topic, (who, sub) -> found[0]++);
        assertEquals(yes ? 1 : 0, found[0], "tree");
        tree.remove(s, filter);
        tree.match(topic, (who, sub) -> found[0]++);
        assertEquals(yes ? 1 : 0, found[0], "after removal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "#", "+", "a/#", "a/+/b", "+/+", "/", "a//b"})
    void filters(String filter) {
        assertTrue(Topics.filter(filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "a/#/b", "a+", "a/+b", "##", "a/b#", "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"})
    void notFilters(String filter) {
        assertFalse(Topics.filter(filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#", "+", "a/+/b", "a\0b"})
    void notNames(String topic) {
        assertFalse(Topics.name(topic));
    }

    private static Message message(String topic, int bytes, long expiresAt) {
        return new Message(topic, new byte[bytes], 1, true, expiresAt, List.of());
    }

    @Test
    void retainedMessagesAreBounded() {
        Retained r = new Retained(new Limits(1, 1, 1, 1, 1, 1, 1, 1, 4, 2, 1000, 8, 1, 1));
        assertTrue(r.put(message("a", 10, 50), 0));
        assertTrue(r.put(message("b", 10, Message.NEVER), 0));
        assertTrue(r.put(message("c", 10, Message.NEVER), 0));
        assertTrue(r.put(message("d", 10, Message.NEVER), 0));
        assertFalse(r.put(message("e", 10, Message.NEVER), 0), "four are the most");
        assertTrue(r.put(message("d", 20, Message.NEVER), 0), "in place of its own");
        assertTrue(r.put(message("e", 10, Message.NEVER), 60), "the expired one made room");
        assertFalse(r.put(message("d", 5000, Message.NEVER), 60), "too many bytes");
        assertEquals(20, r.matching("d", 60).getFirst().payload().length, "and the old one stays");
        assertTrue(r.put(message("d", 0, Message.NEVER), 60));
        assertEquals(List.of(), r.matching("d", 60));
        assertEquals(3, r.matching("#", 60).size());
    }

    @Test
    void aNodeKeepsAFewRetainedMessagesOnly() {
        Retained r = new Retained(new Limits(1, 1, 1, 1, 1, 1, 1, 1, 100, 2, 100_000, 8, 1, 1));
        assertTrue(r.put(message("kn/v1/c/n/a/1", 1, Message.NEVER), 0));
        assertTrue(r.put(message("kn/v1/c/n/a/2", 1, Message.NEVER), 0));
        assertFalse(r.put(message("kn/v1/c/n/a/3", 1, Message.NEVER), 0));
        assertTrue(r.put(message("kn/v1/c/n/b/1", 1, Message.NEVER), 0));
        r.put(message("kn/v1/c/n/a/1", 0, Message.NEVER), 0);
        assertTrue(r.put(message("kn/v1/c/n/a/3", 1, Message.NEVER), 0));
    }

    @Test
    void aBucketFillsWithTime() {
        Rate rate = new Rate(1000, 2000, 0);
        assertTrue(rate.take(2000, 0));
        assertFalse(rate.take(1, 0));
        assertTrue(rate.take(500, 500));
        assertFalse(rate.take(2500, 10_000), "never more than the burst");
    }
}
