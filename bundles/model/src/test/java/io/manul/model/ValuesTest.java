package io.manul.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"1,1,1000", "100m,1,100", "0.5,1,500", "1Ki,1024,1024000", "1.5Gi,1610612736,1610612736000", "2e3,2000,2000000",
        "1k,1000,1000000", "-1,-1,-1000", "1n,1,1", "5.,5,5000", ".5,1,500"})
    void quantities(String text, long units, long millis) {
        assertEquals(units, Quantity.units(text));
        assertEquals(millis, Quantity.millis(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 Ki", "1KiB", "1ki", "--1", "1.1.1", "e3"})
    void whatIsNoQuantity(String text) {
        assertTrue(Quantity.parse(text).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'matchLabels':{'app':'a'}}|true", "{'matchLabels':{'app':'b'}}|false", "{}|true",
        "{'matchExpressions':[{'key':'tier','operator':'DoesNotExist'}]}|true",
        "{'matchExpressions':[{'key':'app','operator':'NotIn','values':['a']}]}|false",
        "{'matchExpressions':[{'key':'n','operator':'Gt','values':['4']}]}|true",
        "{'matchExpressions':[{'key':'n','operator':'Lt','values':['4']}]}|false"})
    void selectors(String selector, boolean matches) {
        assertEquals(matches, Selector.of(Obj.parse(selector.replace('\'', '"'))).matches(Map.of("app", "a", "n", "5")));
    }

    @Test
    void anEmptyNodeSelectorTermMatchesNothing() {
        assertEquals(false, Selector.termMatches(Obj.of(), Map.of(), "n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'operator':'Exists'}|true", "{'key':'k','operator':'Exists'}|true", "{'key':'k','value':'v'}|true",
        "{'key':'k','value':'w'}|false", "{'key':'k','value':'v','effect':'NoExecute'}|false", "{'key':'x','operator':'Exists'}|false"})
    void tolerations(String toleration, boolean tolerated) {
        List<Obj> taints = List.of(Obj.of("key", "k", "value", "v", "effect", "NoSchedule"));
        assertEquals(tolerated, Taints.untolerated(taints, List.of(Obj.parse(toleration.replace('\'', '"'))), Set.of("NoSchedule")).isEmpty());
    }
}
