/** Reads the committed tables: resources.txt when the schema is made, types.txt type by type when one is asked for. */
package io.manul.schema.internal;
