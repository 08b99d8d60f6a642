package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import java.util.regex.Pattern;

/** A qualified name: an optional DNS prefix and a slash, then a name (apimachinery, util/validation: IsQualifiedName). */
public final class Qualified {

    private static final String FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final Pattern NAME = Pattern.compile(FORM);
    private static final String WHY = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + FORM + "')";

    private Qualified() {
    }

    public static void check(String value, String path, FieldErrors e) {
        String[] parts = value.split("/", -1);
        if (parts.length > 2) {
            e.invalid(path, value, "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + FORM
                    + "') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return;
        }
        String name = parts[parts.length - 1];
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                e.invalid(path, value, "prefix part must be non-empty");
            } else {
                Texts.subdomain(parts[0], path, e);
            }
        }
        if (name.isEmpty()) {
            e.invalid(path, value, "name part must be non-empty");
        } else if (name.length() > 63) {
            e.invalid(path, value, "name part must be no more than 63 characters");
        }
        if (!NAME.matcher(name).matches()) {
            e.invalid(path, value, WHY);
        }
    }
}
