package io.manul.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schedule of a CronJob (Kubernetes, "CronJob", Schedule syntax): five fields (minute, hour, day of month, month, day of week)
 * with lists, ranges, steps and names, the macros {@code @hourly} to {@code @yearly}, and {@code @every 1h30m}; before it
 * {@code TZ=} or {@code CRON_TZ=} may name a time zone. What is accepted, what it means around a change of the clocks, and the
 * texts of refusals are those of robfig/cron v3's standard parser, which Kubernetes uses.
 */
public final class CronSchedule {

    /** Of a field that is a star. */
    private static final long STAR = 1L << 63;
    private static final int MOST_TEXT = 1024;
    private static final Pattern TERM = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Double> NANOS = Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "μs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9,
            "h", 3600e9);

    private record Field(int min, int max, Map<String, Integer> names) {
    }

    private static final List<Field> FIELDS = List.of(new Field(0, 59, Map.of()), new Field(0, 23, Map.of()), new Field(1, 31, Map.of()),
            new Field(1, 12, names(1, "jan feb mar apr may jun jul aug sep oct nov dec")), new Field(0, 6,
                    names(0, "sun mon tue wed thu fri sat")));
    private static final Map<String, String> MACROS = Map.of("@yearly", "0 0 1 1 *", "@annually", "0 0 1 1 *", "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0", "@daily", "0 0 * * *", "@midnight", "0 0 * * *", "@hourly", "0 * * * *");

    private final ZoneId zone;
    private final Duration every;
    private final long minutes;
    private final long hours;
    private final long days;
    private final long months;
    private final long weekdays;

    private CronSchedule(ZoneId zone, Duration every, long... bits) {
        this.zone = zone;
        this.every = every;
        this.minutes = bits[0];
        this.hours = bits[1];
        this.days = bits[2];
        this.months = bits[3];
        this.weekdays = bits[4];
    }

    private static Map<String, Integer> names(int first, String all) {
        Map<String, Integer> names = new java.util.HashMap<>();
        for (String name : all.split(" ")) {
            names.put(name, first + names.size());
        }
        return names;
    }

    /**
     * @param zone of a schedule that names none
     * @throws IllegalArgumentException when it is none; the message says why
     */
    public static CronSchedule parse(String text, ZoneId zone) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty spec string");
        }
        if (text.length() > MOST_TEXT) {
            throw new IllegalArgumentException("too long: " + text.length() + " characters");
        }
        if (!text.startsWith("TZ=") && !text.startsWith("CRON_TZ=")) {
            return parseIn(text, zone);
        }
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("no schedule follows the time zone: " + text);
        }
        String name = text.substring(text.indexOf('=') + 1, space);
        try {
            return parseIn(text.substring(space).strip(), zone(name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("provided bad location " + name + ": unknown time zone " + name, e);
        }
    }

    /** @throws DateTimeException when there is no such IANA time zone (offsets as {@code +02:00} are none) */
    public static ZoneId zone(String name) {
        if (name.isEmpty() || name.equals("UTC")) {
            return ZoneId.of("UTC");
        }
        if (!ZoneId.getAvailableZoneIds().contains(name) && !List.of("EST", "MST", "HST").contains(name)) {
            throw new DateTimeException("unknown time zone " + name);
        }
        return ZoneId.of(name, ZoneId.SHORT_IDS);
    }

    private static CronSchedule parseIn(String text, ZoneId zone) {
        if (text.startsWith("@every ")) {
            Duration every = duration(text, text.substring(7));
            return new CronSchedule(zone, every.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1)
                    : every.truncatedTo(ChronoUnit.SECONDS),
                    0, 0, 0, 0, 0);
        }
        if (text.startsWith("@") && !MACROS.containsKey(text)) {
            throw new IllegalArgumentException("unrecognized descriptor: " + text);
        }
        String[] fields = MACROS.getOrDefault(text, text).strip().split("\\s+");
        int found = fields[0].isEmpty() ? 0 : fields.length;
        if (found != FIELDS.size()) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + found + ": [" + String.join(" ", fields) + "]");
        }
        long[] bits = new long[FIELDS.size()];
        for (int i = 0; i < bits.length; i++) {
            for (String range : fields[i].split(",")) {
                bits[i] |= range.isEmpty() ? 0 : range(range, FIELDS.get(i));
            }
        }
        return new CronSchedule(zone, null, bits);
    }

    private static Duration duration(String whole, String text) {
        Matcher m = TERM.matcher(text);
        double nanos = 0;
        int at = 0;
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        at = text.length() - unsigned.length();
        if (unsigned.equals("0")) {
            return Duration.ZERO;
        }
        while (m.find(at) && m.start() == at) {
            nanos += Double.parseDouble(m.group(1)) * NANOS.get(m.group(2));
            at = m.end();
        }
        if (at != text.length() || unsigned.isEmpty() || nanos > Long.MAX_VALUE) {
            throw new IllegalArgumentException("failed to parse duration " + whole + ": time: invalid duration \"" + text + "\"");
        }
        return Duration.ofNanos((long) (text.startsWith("-") ? -nanos : nanos));
    }

    /** {@code *}, {@code 5}, {@code 1-5}, each with {@code /step}. */
    private static long range(String text, Field field) {
        String[] parts = text.split("/", -1);
        String[] limits = parts[0].split("-", -1);
        boolean star = limits[0].equals("*") || limits[0].equals("?");
        int start = star ? field.min : number(limits[0], field.names);
        int end = star ? field.max : limits.length == 1 ? start : number(limits[1], field.names);
        if (!star && limits.length > 2) {
            throw new IllegalArgumentException("too many hyphens: " + text);
        }
        if (parts.length > 2) {
            throw new IllegalArgumentException("too many slashes: " + text);
        }
        int step = 1;
        if (parts.length == 2) {
            step = number(parts[1], Map.of());
            end = limits.length == 1 ? field.max : end;
        }
        check(start >= field.min, "beginning of range (" + start + ") below minimum (" + field.min + "): " + text);
        check(end <= field.max, "end of range (" + end + ") above maximum (" + field.max + "): " + text);
        check(start <= end, "beginning of range (" + start + ") beyond end of range (" + end + "): " + text);
        check(step != 0, "step of range should be a positive number: " + text);
        long bits = star && step == 1 ? STAR : 0;
        for (long i = start; i <= end; i += step) {
            bits |= 1L << i;
        }
        return bits;
    }

    private static void check(boolean holds, String why) {
        if (!holds) {
            throw new IllegalArgumentException(why);
        }
    }

    private static int number(String text, Map<String, Integer> names) {
        Integer named = names.get(text.toLowerCase(java.util.Locale.ROOT));
        if (named != null) {
            return named;
        }
        check(text.matches("[+-]?[0-9]{1,9}"), "failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text
                + "\": invalid syntax");
        int n = Integer.parseInt(text);
        check(n >= 0, "negative number (" + n + ") not allowed: " + text);
        return n;
    }

    /** The first time after that one; empty when there is none within five years. */
    public Optional<Instant> next(Instant after) {
        if (every != null) {
            return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(every));
        }
        ZonedDateTime t = after.atZone(zone).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        if (t.getSecond() != 0) {
            t = t.plusSeconds(60 - t.getSecond());
        }
        int last = t.getYear() + 5;
        while (t.getYear() <= last) {
            if (!in(months, t.getMonthValue())) {
                t = t.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone);
            } else if (!dayMatches(t)) {
                t = t.toLocalDate().plusDays(1).atStartOfDay(zone);
            } else if (!in(hours, t.getHour())) {
                t = t.plusMinutes(60 - t.getMinute()); // in real time: an hour that the clocks skip never comes
            } else if (!in(minutes, t.getMinute())) {
                t = t.plusMinutes(1);
            } else {
                return Optional.of(t.toInstant());
            }
        }
        return Optional.empty();
    }

    /** With both days given, either is enough (crontab(5)). */
    private boolean dayMatches(ZonedDateTime t) {
        boolean day = in(days, t.getDayOfMonth());
        boolean weekday = in(weekdays, t.getDayOfWeek().getValue() % 7);
        return (days & STAR) != 0 || (weekdays & STAR) != 0 ? day && weekday : day || weekday;
    }

    private static boolean in(long bits, int n) {
        return (bits & 1L << n) != 0;
    }
}
