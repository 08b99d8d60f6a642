package io.manul.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrimTest {

    private long usedMillis;
    private long heapMegabytes;
    private long liveMegabytes;
    private int collections;

    /** Each look: processor time used since the last one in ms, size of the heap in MB before it; then how many collections there were. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            small heaps are left alone              | 20 | 0 30, 0 40, 0 39           | 0
            a grown one is trimmed at a quiet look  | 20 | 5000 90, 0 90              | 1
            once for each time it grew              | 20 | 0 90, 0 20, 0 24, 0 90     | 2
            not while there is work                 | 20 | 300 90, 1000 90, 9999 90   | 0
            not when the time cannot be known       | 20 | 0 30, ? 90, ? 90, 9 90      | 0
            not again when most of it is in use     | 80 | 0 90, 0 90, 0 95, 0 99     | 1
            """)
    void looks(String name, long live, String looks, int wanted) {
        liveMegabytes = live;
        Trim trim = new Trim(() -> usedMillis, () -> heapMegabytes << 20, () -> {
            collections++;
            heapMegabytes = liveMegabytes;
        });
        for (String look : looks.split(", ")) {
            String used = look.split(" ")[0];
            usedMillis = used.equals("?") ? -1 : Math.max(usedMillis, 0) + Long.parseLong(used);
            heapMegabytes = Long.parseLong(look.split(" ")[1]);
            trim.look();
        }
        assertEquals(wanted, collections, name);
    }
}
