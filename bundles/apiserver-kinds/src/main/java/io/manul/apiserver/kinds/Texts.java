package io.manul.apiserver.kinds;

import io.manul.apiserver.spi.FieldErrors;
import java.util.Set;
import java.util.regex.Pattern;

/** The formats that names and values must have, with upstream's explanations (apimachinery, util/validation). */
public final class Texts {

    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL_FORM + "(\\." + LABEL_FORM + ")*");
    private static final Pattern SERVICE = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern ENV = Pattern.compile("[\\x20-\\x3C\\x3E-\\x7E]+");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern PORT_NAME = Pattern.compile("[-a-z0-9]+");

    private static final String LABEL_WHY = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
            + " '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
            + " validation is '" + LABEL_FORM + "')";
    private static final String SUBDOMAIN_WHY = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
            + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used"
            + " for validation is '" + LABEL_FORM + "(\\." + LABEL_FORM + ")*')";
    private static final String SERVICE_WHY = "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
            + " start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',"
            + " regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private Texts() {
    }

    /** RFC 1123 label, at most 63 characters. */
    public static void label(String value, String path, FieldErrors e) {
        check(LABEL, 63, LABEL_WHY, value, path, e);
    }

    public static boolean isLabel(String value) {
        return value.length() <= 63 && LABEL.matcher(value).matches();
    }

    /** RFC 1123 subdomain, at most 253 characters. */
    public static void subdomain(String value, String path, FieldErrors e) {
        check(SUBDOMAIN, 253, SUBDOMAIN_WHY, value, path, e);
    }

    /** RFC 1035 label: Service names. */
    public static void serviceName(String value, String path, FieldErrors e) {
        check(SERVICE, 63, SERVICE_WHY, value, path, e);
    }

    private static void check(Pattern form, int limit, String why, String value, String path, FieldErrors e) {
        if (value.length() > limit) {
            e.invalid(path, value, "must be no more than " + limit + " characters");
        } else if (!form.matcher(value).matches()) {
            e.invalid(path, value, why);
        }
    }

    /** Environment variable: printable ASCII without '=' (KEP-4369). */
    public static void envName(String value, String path, FieldErrors e) {
        if (value.isEmpty()) {
            e.required(path, "");
        } else if (!ENV.matcher(value).matches()) {
            e.invalid(path, value, "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }
    }

    /** A key of a ConfigMap or Secret. */
    public static void configKey(String value, String path, FieldErrors e) {
        if (value.length() > 253) {
            e.invalid(path, value, "must be no more than 253 characters");
        } else if (!CONFIG_KEY.matcher(value).matches()) {
            e.invalid(path, value, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',"
                    + "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        } else if (value.equals(".")) {
            e.invalid(path, value, "must not be '.'");
        } else if (value.startsWith("..")) {
            e.invalid(path, value, "must not start with '..'");
        }
    }

    /** IANA service name: a named port. */
    public static void portName(String value, String path, FieldErrors e) {
        if (value.length() > 15) {
            e.invalid(path, value, "must be no more than 15 characters");
        } else if (!PORT_NAME.matcher(value).matches()) {
            e.invalid(path, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        } else if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            e.invalid(path, value, "must contain at least one letter (a-z)");
        } else if (value.contains("--")) {
            e.invalid(path, value, "must not contain consecutive hyphens");
        } else if (value.startsWith("-") || value.endsWith("-")) {
            e.invalid(path, value, "must not begin or end with a hyphen");
        }
    }

    public static void port(long value, String path, FieldErrors e) {
        if (value < 1 || value > 65535) {
            e.invalid(path, value, "must be between 1 and 65535, inclusive");
        }
    }

    public static void notNegative(long value, String path, FieldErrors e) {
        if (value < 0) {
            e.invalid(path, value, "must be greater than or equal to 0");
        }
    }

    /** Empty is left to the caller. */
    public static void oneOf(String value, String path, Set<String> supported, FieldErrors e) {
        if (!value.isEmpty() && !supported.contains(value)) {
            e.notSupported(path, value, supported);
        }
    }

    public static boolean isIp(String value) {
        return isIpv4(value) || value.contains(":") && value.matches("[0-9a-fA-F:.]{2,45}");
    }

    public static boolean isIpv4(String value) {
        String octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
        return value.matches(octet + "(\\." + octet + "){3}");
    }
}
