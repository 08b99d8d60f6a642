package io.manul.apiserver.engine.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import io.manul.json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule a line: schema, value, what is said of it at {@code spec.x}. */
class ValuesTest {

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'integer'} | 'a' | spec.x: Invalid value: 'string': spec.x in body must be of type integer: 'string'",
        "{'type':'string'} | [null] | spec.x: Invalid value: 'array': spec.x in body must be of type string: 'array'",
        "{'type':'string'} | null | spec.x: Invalid value: 'null': spec.x in body must be of type string: 'null'",
        "{'type':'string','nullable':true} | null | []",
        "{'type':'integer'} | 1.0 | []",
        "{'type':'integer'} | 1.5 | spec.x: Invalid value: 'number': spec.x in body must be of type integer: 'number'",
        "{'type':'integer'} | 99999999999999999999 | [spec.x: Invalid value: 'number': spec.x in body must be of type integer: 'number', "
            + "spec.x: Invalid value: 99999999999999999999: Checked value must be of type integer (default format) in spec.x]",
        "{'type':'integer','format':'int32'} | 3000000000 | spec.x: Invalid value: 3000000000: Checked value must be of type integer with format "
            + "int32 in spec.x",
        "{'type':'number'} | 1 | []",
        "{'type':'boolean'} | 'true' | spec.x: Invalid value: 'string': spec.x in body must be of type boolean: 'string'",
        "{'x-kubernetes-int-or-string':true} | '50%' | []",
        "{'x-kubernetes-int-or-string':true} | true | spec.x: Invalid value: 'boolean': spec.x in body must be of type integer,string: 'boolean'",
        "{'type':'integer','minimum':1} | 0 | spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1",
        "{'type':'integer','minimum':1,'exclusiveMinimum':true} | 1 | spec.x: Invalid value: 1: spec.x in body should be greater than 1",
        "{'type':'integer','maximum':10} | 10 | []",
        "{'type':'integer','maximum':10} | 11 | spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10",
        "{'type':'number','maximum':0.5,'exclusiveMaximum':true} | 0.5 | spec.x: Invalid value: 0.5: spec.x in body should be less than 0.5",
        "{'type':'number','multipleOf':0.1} | 0.3 | []",
        "{'type':'integer','multipleOf':5} | 7 | spec.x: Invalid value: 7: spec.x in body should be a multiple of 5",
        "{'type':'string','minLength':2} | 'é' | spec.x: Invalid value: 'é': spec.x in body should be at least 2 chars long",
        "{'type':'string','maxLength':2} | 'abc' | spec.x: Too long: may not be more than 2 bytes",
        "{'type':'string','pattern':'^[a-z]+$'} | 'A' | spec.x: Invalid value: 'A': spec.x in body should match '^[a-z]+$'",
        "{'type':'string','enum':['b','a']} | 'c' | spec.x: Unsupported value: 'c': supported values: 'a', 'b'",
        "{'type':'integer','enum':[1,2]} | 1.0 | []",
        "{'type':'integer','enum':[1,2]} | 3 | spec.x: Unsupported value: 3: supported values: '1', '2'",
        "{'type':'string','format':'date-time'} | 'x' | spec.x: Invalid value: 'x': spec.x in body must be of type date-time: 'x'",
        "{'type':'string','format':'something'} | 'x' | []",
        "{'type':'array','items':{'type':'string'},'minItems':1} | [] | spec.x: Invalid value: 0: spec.x in body should have at least 1 items",
        "{'type':'array','items':{'type':'string'},'maxItems':1} | ['a','b'] | spec.x: Too many: 2: must have at most 1 items",
        "{'type':'array','items':{'type':'string'}} | ['a',1] | spec.x[1]: Invalid value: 'integer': spec.x[1] in body must be of type string: "
            + "'integer'",
        "{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'set'} | ['a','b','a'] | spec.x[2]: Duplicate value: 'a'",
        "{'type':'array','items':{'type':'object','properties':{'n':{'type':'string'}}},'x-kubernetes-list-type':'map',"
            + "'x-kubernetes-list-map-keys':['n']} | [{'n':'a'},{'n':'a','o':1}] | spec.x[1]: Duplicate value: {'n':'a'}",
        "{'type':'object','required':['a','b']} | {'a':null} | spec.x.b: Required value",
        "{'type':'object','minProperties':1} | {} | spec.x: Invalid value: 1: spec.x in body should have at least 1 properties",
        "{'type':'object','maxProperties':1} | {'a':1,'b':2} | spec.x: Too many: 2: must have at most 1 items",
        "{'type':'object','additionalProperties':{'type':'integer'}} | {'a':'b'} | spec.x.a: Invalid value: 'string': spec.x.a in body must be of "
            + "type integer: 'string'",
        "{'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true} | {'kind':'A'} | spec.x.apiVersion: "
            + "Required value: must not be empty",
        "{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} | {'a':1} | []",
        "{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} | {'a':1,'b':1} | spec.x: Invalid value: '': \"spec.x\" must validate one "
            + "and only one schema (oneOf). Found 2 valid alternatives",
        "{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} | {} | [spec.x: Invalid value: '': \"spec.x\" must validate one and only "
            + "one schema (oneOf). Found none valid, spec.x.a: Required value]",
        "{'type':'integer','anyOf':[{'maximum':1},{'minimum':5}]} | 3 | [spec.x: Invalid value: '': \"spec.x\" must validate at least one schema "
            + "(anyOf), spec.x: Invalid value: 3: spec.x in body should be less than or equal to 1]",
        "{'type':'integer','allOf':[{'maximum':1},{'minimum':5}]} | 3 | [spec.x: Invalid value: 3: spec.x in body should be less than or equal to 1, "
            + "spec.x: Invalid value: 3: spec.x in body should be greater than or equal to 5]",
        "{'type':'integer','not':{'enum':[3]}} | 3 | spec.x: Invalid value: '': \"spec.x\" must not validate the schema (not)"})
    void saysWhatIsWrong(String schema, String value, String expected) {
        FieldErrors errors = new FieldErrors();
        Values.check(Json.parse(quoted(value)), new Node(Obj.parse(quoted(schema))), "spec.x", errors);
        assertEquals(quoted(expected), errors.message());
    }

    private static String quoted(String text) {
        return text.contains("match '") ? text.replaceAll("'(A|)'(?=:|$)", "\"$1\"") : text.replace('\'', '"');
    }

    /** Kubernetes, "Validation ratcheting": what did not change is not looked at again. */
    @Test
    void unchangedPartsAreLetAlone() {
        Node node = new Node(Obj.parse("""
                {"type":"object","properties":{"a":{"type":"string","maxLength":1},"b":{"type":"string"},"l":{"type":"array",
                 "x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","properties":{
                 "n":{"type":"string"},"v":{"type":"integer","minimum":5}}}}}}"""));
        Obj old = Obj.parse("{\"a\":\"long\",\"b\":\"x\",\"l\":[{\"n\":\"p\",\"v\":1},{\"n\":\"q\",\"v\":1}]}");
        Obj now = Obj.parse("{\"a\":\"long\",\"b\":\"y\",\"l\":[{\"n\":\"q\",\"v\":2},{\"n\":\"p\",\"v\":1}]}");
        FieldErrors errors = new FieldErrors();
        Values.check(now.map(), old.map(), node, "", errors);
        assertEquals("l[0].v: Invalid value: 2: l[0].v in body should be greater than or equal to 5", errors.message());
    }
}
