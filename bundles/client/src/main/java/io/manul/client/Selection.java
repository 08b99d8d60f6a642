package io.manul.client;

/** What of a collection: namespace (empty: all), label and field selector in the API's syntax (empty: everything). */
public record Selection(String namespace, String labels, String fields) {
    public static final Selection ALL = new Selection("", "", "");

    public static Selection in(String namespace) {
        return new Selection(namespace, "", "");
    }

    public Selection labels(String selector) {
        return new Selection(namespace, selector, fields);
    }

    public Selection fields(String selector) {
        return new Selection(namespace, labels, selector);
    }
}
