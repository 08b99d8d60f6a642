package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the API reference (Container.command, EnvVar.value) and the corners between them. */
class ExpansionTest {

    private static final Map<String, String> VARIABLES = Map.of("VAR", "value", "EMPTY", "", "A", "1", "NESTED", "$(VAR)");

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            plain,          plain
            $(VAR),         value
            a$(VAR)b,       avalueb
            $(VAR)$(A),     value1
            $(MISSING),     $(MISSING)
            $$(VAR),        $(VAR)
            $$$(VAR),       $value
            $$$$(VAR),      $$(VAR)
            $VAR,           $VAR
            $(VAR,          $(VAR
            $,              $
            a$,             a$
            $(NESTED),      $(VAR)
            [$(EMPTY)],     []
            $(),            $()
            """)
    void expands(String text, String expected) {
        assertEquals(expected, Expansion.expand(text, VARIABLES));
    }

    @Test
    void aSubPathNeedsEveryValue() throws ConfigException {
        assertEquals("value/1", Expansion.expandAll("$(VAR)/$(A)", VARIABLES));
        assertEquals("missing value for EMPTY, MISSING",
                assertThrows(ConfigException.class, () -> Expansion.expandAll("$(MISSING)/$(EMPTY)/$(A)", VARIABLES)).getMessage());
    }
}
