package io.manul.controllers.batch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "''         | 10 | ''         | 0",
        "0          | 10 | 0          | 1",
        "1,2,3,5    | 10 | 1-3,5      | 4",
        "1,2        | 10 | 1,2        | 2",
        "0-4,7-9    | 8  | 0-4,7      | 6",
        "0-4,9      | 5  | 0-4        | 5",
        "0-2,3-5    | 10 | 0-5        | 6",
        "1,x,3      | 10 | 1,3        | 2",
        "2-99999999 | 4  | 2,3        | 2"})
    void aTextIsReadAndWritten(String text, int completions, String written, int total) {
        Indexes indexes = Indexes.parse(text, completions);
        assertEquals(written, indexes.toString());
        assertEquals(total, indexes.total());
    }

    @Test
    void whatIsMissingComesInOrder() {
        Indexes some = Indexes.of(Set.of(0, 1, 3, 6));
        assertEquals(List.of(2, 4, 5), some.missing(3, 10));
        assertEquals(List.of(2, 4, 5, 7, 8, 9), some.missing(100, 10));
        assertEquals(List.of(2), some.missing(5, 4));
        assertEquals(List.of(), some.missing(0, 10));
        assertEquals(List.of(0, 1), Indexes.NONE.missing(2, 10));
    }

    @Test
    void setsAreJoinedAndCompared() {
        Indexes a = Indexes.parse("0-3,8", 10);
        Indexes b = Indexes.parse("2-5,7", 10);
        assertEquals("0-5,7,8", a.with(b).toString());
        assertEquals(2, a.common(b));
        assertEquals(0, a.common(Indexes.NONE));
        assertEquals(true, a.has(8));
        assertEquals(false, a.has(4));
    }
}
