package io.manul.apiserver.engine.selector;

import java.util.regex.Pattern;

/** The syntax of label keys and values (Kubernetes, "Labels and Selectors", syntax and character set). */
public final class Labels {

    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private Labels() {
    }

    /** {@code [prefix/]name}: also the syntax of annotation keys, finalizers and taint keys. */
    public static boolean isKey(String key) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        boolean prefix = slash < 0 || slash > 0 && slash <= 253 && PREFIX.matcher(key.substring(0, slash)).matches();
        return prefix && !name.isEmpty() && name.length() <= 63 && NAME.matcher(name).matches();
    }

    public static boolean isValue(String value) {
        return value.isEmpty() || value.length() <= 63 && NAME.matcher(value).matches();
    }
}
