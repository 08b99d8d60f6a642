package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules that several kinds of storage share, in upstream's words. */
final class StorageTexts {

    static final Set<String> MODES = Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");
    private static final Set<String> VOLUME_MODES = Set.of("Block", "Filesystem");
    private static final int DRIVER_LIMIT = 63;
    private static final Pattern NAME_PART = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

    private StorageTexts() {
    }

    static void accessModes(Obj spec, String path, FieldErrors e) {
        List<String> modes = spec.strings("accessModes");
        modes.stream().filter(m -> !MODES.contains(m)).forEach(m -> e.notSupported(path + ".accessModes", m, MODES));
        if (modes.contains("ReadWriteOncePod") && modes.stream().anyMatch(m -> MODES.contains(m) && !m.equals("ReadWriteOncePod"))) {
            e.forbidden(path + ".accessModes", "may not use ReadWriteOncePod with other access modes");
        }
    }

    static void volumeMode(Obj spec, String path, FieldErrors e) {
        spec.string("volumeMode").ifPresent(m -> Texts.oneOf(m, path + ".volumeMode", VOLUME_MODES, e));
    }

    static void className(Obj spec, String field, String path, FieldErrors e) {
        spec.string(field).filter(n -> !n.isEmpty()).ifPresent(n -> Texts.subdomain(n, path + "." + field, e));
    }

    /** More than nothing, and whole bytes. */
    static void positive(Object quantity, String path, FieldErrors e) {
        Optional<BigDecimal> value = Quantity.parse(String.valueOf(quantity));
        if (value.isEmpty()) {
            return; // the schema has refused it
        }
        if (value.get().signum() <= 0) {
            e.invalid(path, String.valueOf(quantity), "must be greater than zero");
        } else if (value.get().stripTrailingZeros().scale() > 0) {
            e.invalid(path, String.valueOf(quantity), "must be an integer");
        }
    }

    /** A name, after an optional prefix that is a DNS subdomain. */
    static void qualified(String value, String path, FieldErrors e) {
        String[] parts = value.split("/", -1);
        String name = parts[parts.length - 1];
        if (parts.length > 2) {
            e.invalid(path, value, "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                e.invalid(path, value, "prefix part must be non-empty");
            } else {
                FieldErrors prefix = new FieldErrors();
                Texts.subdomain(parts[0], "p", prefix);
                if (!prefix.isEmpty()) {
                    e.invalid(path, value, "prefix part " + prefix.message().replaceFirst("^.*?\": ", ""));
                }
            }
        }
        if (name.isEmpty()) {
            e.invalid(path, value, "name part must be non-empty");
        } else if (name.length() > 63) {
            e.invalid(path, value, "name part must be no more than 63 characters");
        }
        if (!NAME_PART.matcher(name).matches()) {
            e.invalid(path, value, "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
        }
    }

    static void driver(String name, String path, FieldErrors e) {
        if (name.isEmpty()) {
            e.required(path, "");
            return;
        }
        if (name.length() > DRIVER_LIMIT) {
            e.tooLong(path, DRIVER_LIMIT);
        }
        FieldErrors form = new FieldErrors();
        Texts.subdomain(name.toLowerCase(Locale.ROOT), path, form);
        if (!form.isEmpty()) {
            Texts.subdomain(name, path, e);
        }
    }

    static boolean same(Obj a, Obj b, String... path) {
        return java.util.Objects.equals(a.get(path), b.get(path));
    }

    static void immutable(Obj object, Obj old, String path, FieldErrors e, String... at) {
        if (!same(object, old, at)) {
            e.immutable(path, object.get(at));
        }
    }
}
