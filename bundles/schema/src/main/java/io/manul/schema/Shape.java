package io.manul.schema;

/** What a value looks like. */
public sealed interface Shape {

    /** An object (or alias) of a named type: {@link Schema#type}. */
    record Ref(String type) implements Shape {
    }

    record ListOf(Shape items) implements Shape {
    }

    /** An object with any keys, whose values all have one shape. */
    record MapOf(Shape values) implements Shape {
    }

    /** A value without parts, or one whose parts are not described. */
    enum Scalar implements Shape {
        STRING("string", ""),
        /** Base64 text. */
        BYTES("string", "byte"),
        INT32("integer", "int32"),
        INT64("integer", "int64"),
        DOUBLE("number", "double"),
        BOOLEAN("boolean", ""),
        /** An int32 or a string (a port by number or name, a count or a percentage). */
        INT_OR_STRING("string", "int-or-string"),
        /** {@code 500m}, {@code 1Gi}; a number is taken as well. */
        QUANTITY("string", ""),
        /** RFC 3339 in seconds. */
        TIME("string", "date-time"),
        /** RFC 3339 in microseconds. */
        MICRO_TIME("string", "date-time"),
        /** Any JSON value. */
        ANY("", ""),
        /** Any JSON object. */
        OBJECT("object", "");

        private final String type;
        private final String format;

        Scalar(String type, String format) {
            this.type = type;
            this.format = format;
        }

        /** OpenAPI's {@code type}; empty for {@link #ANY}. */
        public String type() {
            return type;
        }

        /** OpenAPI's {@code format}; empty where there is none. */
        public String format() {
            return format;
        }
    }
}
