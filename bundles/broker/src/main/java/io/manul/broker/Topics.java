package io.manul.broker;

import java.util.regex.Pattern;

/** Topic names and filters (MQTT 5.0, 4.7). */
final class Topics {

    private static final Pattern SLASH = Pattern.compile("/");

    private Topics() {
    }

    static String[] levels(String topic) {
        return SLASH.split(topic, -1);
    }

    private static boolean text(String topic) {
        return topic != null && !topic.isEmpty() && topic.length() <= Limits.TOPIC && topic.indexOf('\0') < 0
                && topic.chars().filter(c -> c == '/').count() < Limits.LEVELS;
    }

    /** A name that a message may have: no wildcard. */
    static boolean name(String topic) {
        return text(topic) && topic.indexOf('+') < 0 && topic.indexOf('#') < 0;
    }

    /** {@code +} stands alone in its level; {@code #} too, and last. */
    static boolean filter(String filter) {
        if (!text(filter)) {
            return false;
        }
        String[] levels = levels(filter);
        for (int i = 0; i < levels.length; i++) {
            boolean wild = levels[i].indexOf('+') >= 0 || levels[i].indexOf('#') >= 0;
            if (wild && (levels[i].length() > 1 || levels[i].equals("#") && i < levels.length - 1)) {
                return false;
            }
        }
        return true;
    }

    /** {@code a/#} matches {@code a} too; wildcards at the front do not match {@code $}topics. */
    static boolean matches(String filter, String topic) {
        String[] f = levels(filter);
        String[] t = levels(topic);
        if (topic.startsWith("$") && (f[0].equals("+") || f[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < f.length; i++) {
            if (f[i].equals("#")) {
                return true;
            }
            if (i >= t.length || !f[i].equals("+") && !f[i].equals(t[i])) {
                return false;
            }
        }
        return f.length == t.length;
    }
}
