package io.manul.helm.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which version a constraint takes (Masterminds/semver, README). */
class VersionsTest {

    private static final List<String> ALL = List.of("0.0.3", "0.2.3", "0.2.9", "1.2.3", "1.2.10", "1.3.0-rc.1", "1.4.0", "2.0.0", "2.1.0-beta.2", "2.1.0-beta.11", "v3.0.0", "no version");

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "none", value = {
        "'' ; v3.0.0", "1.2.3 ; 1.2.3", "1.2 ; 1.2.10", "1.x ; 1.4.0", "* ; v3.0.0", "~1.2.3 ; 1.2.10", "~1 ; 1.4.0", "^1.2.3 ; 1.4.0", "^0.2.3 ; 0.2.9",
        "^0.0.3 ; 0.0.3", "^0 ; 0.2.9", ">=1.0.0, <2.0.0 ; 1.4.0", ">1.2.10 <2 ; 1.4.0", "1.2 - 1.4.0 ; 1.4.0", "<=1.2 ; 1.2.10", ">1.2 <1.4.0 ; none",
        "!=v3.0.0 ; 2.0.0", "<0.2 || ~1.2 ; 1.2.10", ">=2.1.0-0 <3 ; 2.1.0-beta.11", ">9 ; none", "none of these ; none", "=2.0.0 ; 2.0.0", "no version ; no version"})
    void best(String constraint, String wanted) {
        assertEquals(wanted, Versions.best(ALL, constraint).orElse(null));
    }
}
