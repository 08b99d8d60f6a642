package io.manul.apiserver.engine.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSONPath, patterns, formats, columns. */
class PathsAndTextsTest {

    private static final Obj OBJECT = Obj.parse("""
            {"metadata":{"name":"a","labels":{"x.y/z":"l"},"creationTimestamp":"2026-01-31T11:57:00Z"},"spec":{"n":3,"b":true,"list":[{"c":"d","k":1},{"c":"e","k":2}]},
             "status":{"conditions":[{"type":"Other","status":"No"},{"type":"Ready","status":"True"}]}}""");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        ".spec.n | [3]", ".spec.list[0].c | [\"d\"]", ".spec.list[-1].c | [\"e\"]", ".spec.list[*].c | [\"d\",\"e\"]", ".spec.list[7].c | []",
        ".status.conditions[?(@.type==\"Ready\")].status | [\"True\"]", ".status.conditions[?(@.type=='Ready')].status | [\"True\"]",
        ".status.conditions[?(@.type!='Ready')].status | [\"No\"]", ".spec.list[?(@.k>1)].c | [\"e\"]", ".spec.list[?(@.c)].k | [1,2]",
        ".metadata.labels.x\\.y/z | [\"l\"]", ".metadata.labels['x.y/z'] | [\"l\"]", ".missing.more | []"})
    void pathsAreRead(String path, String found) {
        assertEquals(Json.parse(found), JsonPath.parse(path).find(OBJECT.map()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", "..spec", ".spec[", ".spec[1:2]", ".a b", ".a[?(x)]", ".a[?(@.b==c)]", "{.a}", "."})
    void otherPathsAreRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> JsonPath.parse(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "^a+$ ; aaa ; true", "b ; abc ; true", "^[[:alpha:]]+$ ; abC ; true", "^[[:alpha:]]+$ ; ab: ; false", "^(?P<x>a|b)$ ; b ; true",
        "^[a&&b]$ ; & ; true", "^[]a]$ ; ] ; true", "^[^]]$ ; ] ; false", "^\\d{1,2}$ ; 12 ; true", "^{a}$ ; {a} ; true", "(?i)^AB$ ; ab ; true",
        "^\\p{Greek}$ ; α ; true", "^\\pL$ ; x ; true", "^\\Qa$b\\E$ ; a$b ; true",
        "^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$ ; * * * * */5 ; true"})
    void patternsAreThoseOfRe2(String pattern, String value, boolean matches) {
        assertEquals("", Regex.of(pattern).wrong());
        assertEquals(matches, Regex.of(pattern).find(value));
    }

    @Test
    void theEndIsTheEnd() {
        assertFalse(Regex.of("^a$").find("a\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)", "(?<!a)", "(a)\\1", "a++", "(", "[a", "a**", "[[:what:]]", "\\"})
    void otherPatternsAreRefused(String pattern) {
        assertNotEquals("", Regex.of(pattern).wrong());
    }

    /** Backtracking without end, recursion without end: both are no match, and soon. */
    @Test
    void aPatternCostsNoMoreThanItsBound() {
        assertFalse(Regex.of("^(a+)+$").find("a".repeat(60) + "b"));
        assertFalse(Regex.of("^(a|b)*c$").find("ab".repeat(100_000)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "date-time | 2026-01-31T12:00:00Z | 2026-01-31 12:00", "date-time | 2026-01-31t12:00:00.5+01:00 | 2026-02-31T12:00:00Z",
        "date | 2026-02-28 | 2026-02-30", "duration | 1h30m | 1x", "duration | 2 days | h", "byte | YWI= | YW", "uri | http://a/b | a b",
        "email | a@b.c | a", "hostname | a-b.c | -a", "ipv4 | 10.0.0.1 | 10.0.0.256", "ipv6 | ::1 | 1", "ipv6 | fe80::1:2 | 1::2::3",
        "ipv6 | ::ffff:1.2.3.4 | 1:2:3:4:5:6:7", "cidr | 10.0.0.0/8 | 10.0.0.0/33", "cidr | fd00::/64 | fd00::/129", "mac | 00:11:22:aa:bb:cc | 00:11",
        "uuid | 8b2c8e4e-6c3a-4c39-9f0b-0123456789ab | 8b2c", "uuid4 | 8b2c8e4e-6c3a-4c39-9f0b-0123456789ab | 8b2c8e4e-6c3a-1c39-9f0b-0123456789ab"})
    void formatsAreChecked(String format, String good, String bad) {
        assertEquals(List.of(true, false), List.of(Formats.valid(format, good), Formats.valid(format, bad)));
    }

    @Test
    void cellsHaveTheColumnsType() {
        PrinterColumns columns = new PrinterColumns(Obj.parse("""
                {"additionalPrinterColumns":[{"name":"N","type":"integer","jsonPath":".spec.n"},{"name":"S","type":"string","jsonPath":".spec.n"},
                 {"name":"B","type":"boolean","jsonPath":".spec.b"},{"name":"No","type":"integer","jsonPath":".spec.b"},
                 {"name":"R","type":"string","jsonPath":".status.conditions[?(@.type==\\"Ready\\")].status","priority":1},
                 {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"},{"name":"Bad","type":"date","jsonPath":".metadata.name"},
                 {"name":"F","type":"number","jsonPath":".spec.n"}]}"""));
        assertEquals(Arrays.asList(3L, "3", true, null, "True", "3m", "<invalid>", 3.0), columns.cells(OBJECT, House.NOW));
        assertEquals(1, columns.columns().get(4).priority());
        assertEquals("Age", new PrinterColumns(Obj.of()).columns().getFirst().name());
    }
}
