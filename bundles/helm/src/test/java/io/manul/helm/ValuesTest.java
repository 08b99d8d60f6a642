package io.manul.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which values win, and how a path is set. */
class ValuesTest {

    private static Obj values(String chart, String config) throws Exception {
        return Values.of(new Wanted(Yaml.one(chart, "chart"), Yaml.one(config, "config")), r -> List.of("a: secret-" + r.text("name") + "\n" + r.text("name") + ": 1\n"));
    }

    @Test
    void eachSourceWinsOverTheOnesBefore() throws Exception {
        String chart = "spec: {valuesContent: 'a: content', values: {a: values}, valuesSecrets: [{name: s}, {name: t}], set: {a: set}}";
        String config = "spec: {valuesContent: 'a: more', valuesSecrets: [{name: u}]}";
        assertEquals("{\"a\":\"set\",\"s\":1.0,\"t\":1.0,\"u\":1.0}", values(chart, config).toString());
        assertEquals("{\"a\":\"secret-u\",\"s\":1.0,\"t\":1.0,\"u\":1.0}", values(chart.replace(", set: {a: set}", ""), config).toString());
        assertEquals("{\"a\":\"more\",\"s\":1.0,\"t\":1.0}", values(chart.replace(", set: {a: set}", ""), "spec: {valuesContent: 'a: more'}").toString());
        assertEquals("{\"a\":\"secret-t\",\"s\":1.0,\"t\":1.0}", values(chart.replace(", set: {a: set}", ""), "").toString());
        assertEquals("{\"a\":\"values\"}", values("spec: {valuesContent: 'a: content', values: {a: values}}", "").toString());
    }

    @Test
    void mapsAreMergedAndAllElseIsReplaced() throws Exception {
        assertEquals("{\"gone\":null,\"l\":[9.0],\"m\":{\"a\":1.0,\"b\":3.0,\"c\":4.0}}", values(
                "spec: {valuesContent: '{m: {a: 1, b: 2}, l: [1, 2], gone: 5}'}", "spec: {valuesContent: '{m: {b: 3, c: 4}, l: [9], gone: null}'}").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "a | ~x~ | {'a':'x'}", "a.b | ~1~ | {'a':{'b':'1'}}", "a.b[1].c | ~x~ | {'a':{'b':[null,{'c':'x'}]}}", "a\\.b/c | ~x~ | {'a.b/c':'x'}",
        "l[0] | ~new~ | {'l':['new']}"})
    void paths(String path, String value, String json) throws Exception {
        Map<String, Object> into = new LinkedHashMap<>();
        Values.set(into, path, value);
        assertEquals(json.replace('\'', '"'), Obj.view(into).toString());
    }

    @Test
    void setKnowsNumbersAndTruthFromText() throws Exception {
        assertEquals("{\"b\":true,\"i\":3,\"n\":null,\"s\":\"3\",\"t\":\"a,b\"}", values("spec: {set: {i: 3, b: 'true', n: 'null', s: '3', t: 'a,b'}}", "").toString());
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals("spec.set[[0]]: the path must begin with a name", assertThrows(HelmException.class, () -> values("spec: {set: {'[0]': 1}}", "")).getMessage());
        assertEquals("spec.set[a[x]]: an index must be 0 to 65536", assertThrows(HelmException.class, () -> values("spec: {set: {'a[x]': 1}}", "")).getMessage());
        assertTrue(assertThrows(HelmException.class, () -> values("spec: {valuesContent: 'a: [1'}", "")).getMessage().startsWith("spec.valuesContent cannot be read: "));
        assertTrue(assertThrows(HelmException.class, () -> values("spec: {valuesContent: '- 1'}", "")).getMessage().startsWith("spec.valuesContent cannot be read: "));
    }
}
