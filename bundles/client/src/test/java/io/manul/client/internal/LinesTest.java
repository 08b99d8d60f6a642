package io.manul.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {

    @ParameterizedTest
    @CsvSource({"a;b;|ab", "a;|a", "ab;c|ab", ";;a;|a", "a|''"})
    void chunksBecomeLines(String row) {
        String text = row.split("\\|")[0].replace(';', '\n');
        for (int size = 1; size <= text.length(); size++) {
            Lines lines = new Lines();
            List<String> got = new ArrayList<>();
            for (int i = 0; i < text.length(); i += size) {
                lines.add(text.substring(i, Math.min(text.length(), i + size)).getBytes()).forEach(l -> got.add(new String(l)));
            }
            assertEquals(row.split("\\|")[1].replace("''", ""), String.join("", got), "chunks of " + size);
        }
    }
}
