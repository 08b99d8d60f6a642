package io.manul.schema;

/** Documentation texts of types and fields; empty text where there is none. */
public interface Descriptions {
    String of(String type);

    String of(String type, String field);
}
