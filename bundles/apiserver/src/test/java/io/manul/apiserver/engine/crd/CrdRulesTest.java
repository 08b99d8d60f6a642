package io.manul.apiserver.engine.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import io.manul.json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a definition may not say. */
class CrdRulesTest {

    private static final String AT = "spec.versions[0].schema.openAPIV3Schema.properties[spec]";

    private static String message(Obj crd) {
        CrdStrategy strategy = new CrdStrategy();
        strategy.defaults(crd);
        FieldErrors errors = new FieldErrors();
        CrdRules.check(crd, errors);
        return errors.message();
    }

    @Test
    void aGoodOneIsGood() {
        assertEquals("[]", message(House.crontabs("{\"type\":\"object\"}")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'string','pattern':'('} | .pattern: Invalid value: '(': must be a valid regular expression, but isn't: Unclosed group near index 1",
        "{} | .type: Required value: must not be empty for specified object fields",
        "{'x-kubernetes-preserve-unknown-fields':true} | ok",
        "{'x-kubernetes-int-or-string':true,'anyOf':[{'type':'integer'},{'type':'string'}]} | ok",
        "{'type':'string','x-kubernetes-int-or-string':true} | .type: Invalid value: 'string': must be empty if x-kubernetes-int-or-string is true",
        "{'type':'text'} | .type: Unsupported value: 'text': supported values: 'array', 'boolean', 'integer', 'number', 'object', 'string'",
        "{'type':'object','$ref':'#/a'} | .$ref: Forbidden: $ref is not supported",
        "{'type':'array'} | .items: Required value: must be specified",
        "{'type':'array','items':{}} | .items.type: Required value: must not be empty for specified array items",
        "{'type':'object','additionalProperties':false} | .additionalProperties: Forbidden: additionalProperties cannot be set to false",
        "{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':{'type':'string'}} | .additionalProperties: Forbidden: "
            + "additionalProperties and properties are mutual exclusive",
        "{'type':'object','anyOf':[{'type':'object'}]} | .anyOf[0].type: Forbidden: must be empty to be structural",
        "{'type':'object','oneOf':[{'properties':{'a':{}}}]} | .properties[a]: Required value: because it is defined in "
            + "SPEC.oneOf[0].properties[a]",
        "{'type':'array','items':{'type':'object'},'x-kubernetes-list-type':'map'} | .x-kubernetes-list-map-keys: Required value: must not be "
            + "empty if x-kubernetes-list-type is map",
        "{'type':'array','items':{'type':'object','properties':{'a':{'type':'string'}}},'x-kubernetes-list-type':'map',"
            + "'x-kubernetes-list-map-keys':['a']} | .items.properties[a].default: Required value: this property is in "
            + "x-kubernetes-list-map-keys, so it must have a default or be a required property",
        "{'type':'integer','minimum':3,'default':1} | .default: Invalid value: 1: Invalid value: 1: SPEC.default in body should be "
            + "greater than or equal to 3"})
    void schemasAreStructural(String schema, String expected) {
        String text = message(House.crontabs(quoted(schema)));
        assertEquals(expected.equals("ok") ? "[]" : AT + quoted(expected).replace("SPEC", AT), text);
    }

    private static String quoted(String text) {
        return text.replace("isn't", "isn~t").replace('\'', '"').replace("isn~t", "isn't");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "metadata.name | 'a' | metadata.name: Invalid value: 'a': must be spec.names.plural+'.'+spec.group",
        "spec.scope | '' | spec.scope: Required value",
        "spec.scope | 'x' | spec.scope: Unsupported value: 'x': supported values: 'Cluster', 'Namespaced'",
        "spec.names.kind | '' | spec.names.kind: Required value",
        "spec.names.listKind | 'CronTab' | spec.names.listKind: Invalid value: 'CronTab': kind and listKind may not be the same",
        "spec.preserveUnknownFields | true | spec.preserveUnknownFields: Invalid value: true: cannot set to true, set "
            + "x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        "spec.conversion | {'strategy':'X'} | spec.conversion.strategy: Unsupported value: 'X': supported values: 'None', 'Webhook'",
        "spec.versions | [] | spec.versions: Required value"})
    void specsAreChecked(String path, String value, String expected) {
        Obj crd = House.crontabs("{\"type\":\"object\"}").set(Json.parse(quoted(value)), path.split("\\."));
        if (path.equals("spec.names.kind")) {
            crd.set("CronTabList", "spec", "names", "listKind");
        }
        assertEquals(quoted(expected), message(crd));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "storage | false | spec.versions: Invalid value: ['v1']: must have exactly one version marked as storage version",
        "schema | {} | spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required",
        "additionalPrinterColumns | [{'name':'a','type':'x','jsonPath':'.a'}] | spec.versions[0].additionalPrinterColumns[0].type: Invalid value: "
            + "'x': must be one of boolean,date,integer,number,string",
        "additionalPrinterColumns | [{'name':'a','type':'date','jsonPath':'a'}] | spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid "
            + "value: 'a': must be a simple json path starting with .",
        "subresources | {'scale':{'specReplicasPath':'.spec.a','statusReplicasPath':'.spec.b'}} | spec.versions[0].subresources.scale."
            + "statusReplicasPath: Invalid value: '.spec.b': should be a json path under .status",
        "selectableFields | [{'jsonPath':'.spec'}] | spec.versions[0].selectableFields[0].jsonPath: Invalid value: '.spec': must point to a field "
            + "of type string, boolean or integer"})
    void versionsAreChecked(String field, String value, String expected) {
        Obj crd = House.crontabs("{\"type\":\"object\"}");
        House.version(crd).put(field, Json.parse(quoted(value)));
        assertEquals(quoted(expected), message(crd));
    }

    @Test
    void groupsOfTheProjectNeedApproval() {
        Obj crd = House.crontabs("{\"type\":\"object\"}").set("x.k8s.io", "spec", "group").set("crontabs.x.k8s.io", "metadata", "name");
        assertEquals("metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "
                + "\"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111", message(crd));
        crd.set("https://github.com/kubernetes/enhancements/pull/1", "metadata", "annotations", "api-approved.kubernetes.io");
        assertEquals("[]", message(crd));
    }
}
