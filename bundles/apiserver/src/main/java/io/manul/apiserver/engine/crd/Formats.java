package io.manul.apiserver.engine.crd;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The {@code format} of texts (API reference, JSONSchemaProps.format). Formats that are not known are not checked, as
 * upstream. Deviation: bsonobjectid, isbn, creditcard, ssn, hexcolor and rgbcolor are not checked either.
 */
final class Formats {

    private static final int MOST = 4096;
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6_PART = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern MAC = Pattern.compile("[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}([:-][0-9A-Fa-f]{2}){0,2}");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern HOST_PART = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s<>]{1,64}@[^@\\s<>]{1,255}");
    /** Go's durations, and those with days, weeks and units in full that upstream's format takes. */
    private static final Pattern DURATION = Pattern.compile("[+-]?([0-9]{1,18}(\\.[0-9]{1,18})?\\s?(ns|nano(second)?s?|us|µs|μs|micro(second)?s?"
            + "|ms|milli(second)?s?|s|sec(ond)?s?|m|min(ute)?s?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\\s?)+|[+-]?0");
    private static final Pattern SHORT_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private Formats() {
    }

    static boolean valid(String format, String value) {
        return switch (format.replace("-", "").toLowerCase(Locale.ROOT)) {
            case "datetime" -> dateTime(value);
            case "date" -> date(value);
            case "duration" -> value.length() <= MOST && DURATION.matcher(value).matches();
            case "byte" -> base64(value);
            case "uri" -> uri(value);
            case "email" -> value.length() <= MOST && EMAIL.matcher(value).matches();
            case "hostname" -> hostname(value);
            case "ipv4" -> IPV4.matcher(value).matches();
            case "ipv6" -> ipv6(value);
            case "cidr" -> cidr(value);
            case "mac" -> MAC.matcher(value).matches();
            case "uuid" -> UUID.matcher(value).matches();
            case "uuid3" -> uuid(value, '3');
            case "uuid4" -> uuid(value, '4');
            case "uuid5" -> uuid(value, '5');
            case "k8sshortname" -> SHORT_NAME.matcher(value).matches();
            case "k8slongname" -> longName(value);
            default -> true;
        };
    }

    private static boolean dateTime(String value) {
        try {
            return value.length() <= MOST && OffsetDateTime.parse(value.toUpperCase(Locale.ROOT)) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean date(String value) {
        try {
            return value.length() == 10 && LocalDate.parse(value) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean base64(String value) {
        try {
            return value.length() % 4 == 0 && Base64.getDecoder().decode(value) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean uri(String value) {
        try {
            return value.startsWith("/") || new URI(value).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean hostname(String value) {
        String name = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
        if (name.isEmpty() || name.length() > 253) {
            return false;
        }
        for (String part : name.split("\\.", -1)) {
            if (!HOST_PART.matcher(part).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean longName(String value) {
        if (value.isEmpty() || value.length() > 253) {
            return false;
        }
        for (String part : value.split("\\.", -1)) {
            if (!SHORT_NAME.matcher(part).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean ipv6(String value) {
        int zone = value.indexOf('%');
        String address = zone < 0 ? value : "";
        int dots = address.lastIndexOf(':');
        if (address.length() > 45 || dots < 0) {
            return false;
        }
        String tail = address.substring(dots + 1);
        boolean mixed = tail.indexOf('.') >= 0;
        if (mixed && !IPV4.matcher(tail).matches()) {
            return false;
        }
        String hex = mixed ? address.substring(0, dots + 1) + "0:0" : address;
        int gap = hex.indexOf("::");
        if (gap < 0) {
            return parts(hex) == 8;
        }
        int before = parts(hex.substring(0, gap));
        int after = parts(hex.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** How many groups of four digits; -1: something else. */
    private static int parts(String hex) {
        if (hex.isEmpty()) {
            return 0;
        }
        String[] all = hex.split(":", -1);
        for (String part : all) {
            if (!IPV6_PART.matcher(part).matches()) {
                return -1;
            }
        }
        return all.length;
    }

    private static boolean cidr(String value) {
        int slash = value.indexOf('/');
        if (slash < 0 || !value.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return false;
        }
        int bits = Integer.parseInt(value.substring(slash + 1));
        String address = value.substring(0, slash);
        return IPV4.matcher(address).matches() && bits <= 32 || ipv6(address) && bits <= 128;
    }

    private static boolean uuid(String value, char version) {
        return UUID.matcher(value).matches() && value.replace("-", "").charAt(12) == version;
    }
}
