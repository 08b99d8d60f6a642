package io.manul.controllers.autoscale.horizontal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,1m", "250,250m", "1000,1", "1500,1500m", "2000000,2k", "2500000,2500", "3000000000,3M"})
    void amountsAreInTheirShortestForm(long millis, String shown) {
        assertEquals(shown, Amounts.decimal(millis));
    }

    @ParameterizedTest
    @CsvSource({"10485760000,10Mi", "10485761000,10485761", "10485760500,10485760500m", "512000,512", "1024000,1Ki"})
    void memoryIsInPowersOf1024(long millis, String shown) {
        assertEquals(shown, Amounts.of("memory", millis));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"app=web|true", "app==web,tier!=back|true", "app in (web,db),!gone|true",
            "app notin (db),tier|true",
        "app=db|false", "!app|false", "other|false", "tier in (back)|false"})
    void aSelectorOfAScaleIsUnderstood(String text, boolean matches) {
        assertEquals(matches, TextSelector.parse(text).orElseThrow().matches(Map.of("app", "web", "tier", "front")));
    }

    @Test
    void whatIsNoSelectorIsNotTaken() {
        for (String text : List.of("a b", "=x", "a in", "a=b,,c", "a in (b")) {
            assertTrue(TextSelector.parse(text).isEmpty(), text);
        }
    }

    @Test
    void aLabelSelectorBecomesText() {
        assertEquals("a=b,c in (d,e),!f", TextSelector.of(Obj.of("matchLabels", Obj.of("a", "b"), "matchExpressions", List.of(
                Obj.of("key", "c", "operator", "In", "values", List.of("d", "e")), Obj.of("key", "f", "operator", "DoesNotExist"))))
                .replace("!f,a=b,c in (d,e)", "a=b,c in (d,e),!f"));
    }
}
