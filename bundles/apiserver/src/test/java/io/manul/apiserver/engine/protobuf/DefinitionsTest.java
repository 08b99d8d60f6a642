package io.manul.apiserver.engine.protobuf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A CustomResourceDefinition as Go clients send it: what JSON spells as one of several shapes is a message of its own there. */
class DefinitionsTest {

    /** A message in the making; field numbers of apiextensions v1, generated.proto. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message bytes(int number, byte[] value) {
            varint(number << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int number, String value) {
            return bytes(number, value.getBytes(StandardCharsets.UTF_8));
        }

        Message part(int number, Message value) {
            return bytes(number, value.out.toByteArray());
        }

        Message number(int number, long value) {
            varint(number << 3);
            varint(value);
            return this;
        }

        private void varint(long value) {
            for (long v = value; ; v >>>= 7) {
                out.write((int) (v & 0x7f | (v > 0x7f ? 0x80 : 0)));
                if (v <= 0x7f) {
                    return;
                }
            }
        }

        byte[] body(String apiVersion, String kind) {
            Message envelope = new Message().part(1, new Message().text(1, apiVersion).text(2, kind)).part(2, this);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(new byte[] {'k', '8', 's', 0});
            all.writeBytes(envelope.out.toByteArray());
            return all.toByteArray();
        }
    }

    private static Message schema(String type) {
        return new Message().text(5, type);
    }

    private static Message property(String name, Message schema) {
        return new Message().text(1, name).part(2, schema);
    }

    @Test
    void aSchemaOrSomethingElse() throws Exception {
        Message root = schema("object")
                .part(29, property("map", schema("object").part(30, new Message().number(1, 1).part(2, schema("string")))))
                .part(29, property("open", schema("object").part(30, new Message().number(1, 1))))
                .part(29, property("closed", schema("object").part(30, new Message().number(1, 0))))
                .part(29, property("list", schema("array").part(24, new Message().part(1, schema("integer").number(14, 0))).text(42, "set")))
                .part(29, property("several", schema("array").part(24, new Message().part(2, schema("string")).part(2, schema("boolean")))))
                .part(29, property("any", new Message().number(38, 1).part(8, new Message().text(1, "{\"a\":1}"))))
                .part(29, property("ruled", schema("string").part(44, new Message().text(1, "self != ''").text(2, "give one"))))
                .part(32, new Message().text(1, "a").part(2, new Message().text(2, "b").text(2, "c")));
        Message definition = new Message().part(1, new Message().text(1, "as.x.test"))
                .part(2, new Message().text(1, "x.test").part(7, new Message().text(1, "v1").part(4, new Message().part(1, root))
                        .part(5, new Message().part(1, new Message()))));
        Obj decoded = new Decoder(Schema.builtIn()).decode(definition.body("apiextensions.k8s.io/v1", "CustomResourceDefinition"));
        assertEquals("{\"status\":{}}", decoded.objects("spec", "versions").getFirst().at("subresources").toString());
        Obj seen = decoded.objects("spec", "versions").getFirst().at("schema", "openAPIV3Schema");
        assertEquals(Obj.parse("""
                {"type":"object","properties":{
                 "map":{"type":"object","additionalProperties":{"type":"string"}},
                 "open":{"type":"object","additionalProperties":true},
                 "closed":{"type":"object","additionalProperties":false},
                 "list":{"type":"array","items":{"type":"integer","minLength":0},"x-kubernetes-list-type":"set"},
                 "several":{"type":"array","items":[{"type":"string"},{"type":"boolean"}]},
                 "any":{"x-kubernetes-preserve-unknown-fields":true,"default":{"a":1}},
                 "ruled":{"type":"string","x-kubernetes-validations":[{"rule":"self != ''","message":"give one"}]}},
                 "dependencies":{"a":["b","c"]}}""".getBytes(StandardCharsets.UTF_8)).toString(), seen.toString());
    }
}
