package io.manul.apiserver.kinds;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Durations as kubectl shows them (apimachinery, duration.HumanDuration). */
public final class Age {

    private Age() {
    }

    /** @param timestamp RFC 3339; empty gives {@code <unknown>} */
    public static String of(String timestamp, Instant now) {
        if (timestamp.isEmpty()) {
            return "<unknown>";
        }
        try {
            return of(Duration.between(Instant.parse(timestamp), now));
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }

    public static String of(Duration d) {
        long s = d.toSeconds();
        if (s < -1) {
            return "<invalid>";
        }
        s = Math.max(s, 0);
        long m = s / 60;
        long h = s / 3600;
        long days = s / 86400;
        long years = days / 365;
        if (s < 120) {
            return s + "s";
        } else if (m < 10) {
            return m + "m" + rest(s % 60, "s");
        } else if (m < 180) {
            return m + "m";
        } else if (h < 8) {
            return h + "h" + rest(m % 60, "m");
        } else if (h < 48) {
            return h + "h";
        } else if (days < 8) {
            return days + "d" + rest(h % 24, "h");
        } else if (years < 2) {
            return days + "d";
        } else if (years < 8) {
            return years + "y" + rest(days % 365, "d");
        }
        return years + "y";
    }

    private static String rest(long n, String unit) {
        return n == 0 ? "" : n + unit;
    }
}
