package io.manul.apiserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldSelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            metadata.name=a                         | true
            metadata.name==a,status.phase!=Failed   | true
            metadata.name=a,status.phase=Failed     | false
            metadata.name!=a                        | false
            spec.nodeName=                          | true
            spec.nodeName!=                         | false
            label=x\\,y\\=z                         | true
            ,metadata.name=a,                       | true
            """)
    void matches(String text, boolean wanted) throws ApiException {
        Map<String, String> object = Map.of("metadata.name", "a", "status.phase", "Running", "label", "x,y=z");
        assertEquals(wanted, FieldSelector.parse(text).matches(object::get));
    }

    @Test
    void onlyAnEqualityRequiresAValue() throws ApiException {
        FieldSelector s = FieldSelector.parse("spec.nodeName!=n2,metadata.namespace=a");
        assertEquals("a", s.required("metadata.namespace").orElseThrow());
        assertEquals(false, s.required("spec.nodeName").isPresent());
    }

    @Test
    void whatIsNoTermIsRefused() {
        ApiException e = assertThrows(ApiException.class, () -> FieldSelector.parse("a=b,c"));
        assertEquals(400, e.code());
        assertEquals("invalid selector: 'a=b,c'; can't understand 'c'", e.getMessage());
    }
}
