package io.manul.apiserver.spi;

/**
 * A printer column of the Table form (meta.k8s.io/v1 TableColumnDefinition).
 *
 * @param type     string, integer, number, boolean, date
 * @param format   "name" for the first one, else empty
 * @param priority 0 is always shown, 1 with -o wide
 */
public record Column(String name, String type, String format, String description, int priority) {
}
