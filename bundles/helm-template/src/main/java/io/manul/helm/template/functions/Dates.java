package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.Durations;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Int;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Dates. The local zone is the server's. */
final class Dates {

    private final InstantSource clock;

    private Dates(InstantSource clock) {
        this.clock = clock;
    }

    static void add(Table t, InstantSource clock) {
        Dates d = new Dates(clock);
        t.add("now", "", a -> d.now());
        t.add("date", "string,any", a -> d.inZone(text(a, 0), a[1], "Local"));
        t.add("htmlDate", "any", a -> d.inZone("2006-01-02", a[0], "Local"));
        t.add("htmlDateInZone", "any,string", a -> d.inZone("2006-01-02", a[0], text(a, 1)));
        for (String name : new String[] {"dateInZone", "date_in_zone"}) {
            t.add(name, "string,any,string", a -> d.inZone(text(a, 0), a[1], text(a, 2)));
        }
        for (String name : new String[] {"dateModify", "date_modify"}) {
            t.add(name, "string,time.Time", a -> Durations.parse(text(a, 0)) == null ? a[1] : modified(a));
        }
        for (String name : new String[] {"mustDateModify", "must_date_modify"}) {
            t.add(name, "string,time.Time", Dates::modified);
        }
        t.add("ago", "any", a -> d.ago(a[0]));
        t.add("duration", "any", a -> duration(a[0]));
        t.add("durationRound", "any", a -> d.rounded(a[0]));
        t.add("toDate", "string,string", a -> date(text(a, 0), text(a, 1), false));
        t.add("mustToDate", "string,string", a -> date(text(a, 0), text(a, 1), true));
        t.add("unixEpoch", "time.Time", a -> Long.toString(((Time) a[0]).at().toEpochSecond()));
    }

    private Time now() {
        return new Time(clock.instant().atZone(ZoneId.systemDefault()));
    }

    private Time time(Object v) {
        return switch (v) {
            case Time t -> t;
            case Long l -> new Time(Instant.ofEpochSecond(l).atZone(ZoneId.systemDefault()));
            case Int i -> new Time(Instant.ofEpochSecond(i.longValue()).atZone(ZoneId.systemDefault()));
            case null, default -> now();
        };
    }

    private String inZone(String layout, Object v, String zone) {
        return DateLayout.format(layout, time(v).at().withZoneSameInstant(zone(zone)));
    }

    private static ZoneId zone(String name) {
        if (name.equals("Local")) {
            return ZoneId.systemDefault();
        }
        try {
            return name.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneId.of("UTC");
        }
    }

    private static Object modified(Object[] a) {
        Long nanos = Durations.parse(text(a, 0));
        if (nanos == null) {
            throw new GoError("time: invalid duration " + io.manul.helm.template.go.Text.quote(text(a, 0)));
        }
        return new Time(((Time) a[1]).at().plusNanos(nanos));
    }

    private String ago(Object v) {
        long seconds = Math.round(Duration.between(time(v).at().toInstant(), clock.instant()).toNanos() / 1e9);
        return Durations.format(seconds * 1_000_000_000L);
    }

    private static String duration(Object v) {
        long n = switch (v) {
            case String s -> {
                Long l = io.manul.helm.template.go.Ints.parse(s, 10);
                yield l == null ? 0 : l;
            }
            case Long l -> l;
            case null, default -> 0;
        };
        return Durations.format(n * 1_000_000_000L);
    }

    private String rounded(Object v) {
        long nanos = switch (v) {
            case String s -> {
                Long n = Durations.parse(s);
                yield n == null ? 0 : n;
            }
            case Long l -> l;
            case Time t -> Duration.between(t.at().toInstant(), clock.instant()).toNanos();
            case null, default -> 0;
        };
        long n = Math.abs(nanos);
        long hour = 3600L * 1_000_000_000;
        long[] units = {hour * 24 * 365, hour * 24 * 30, hour * 24, hour, hour / 60, hour / 3600};
        String[] names = {"y", "mo", "d", "h", "m", "s"};
        for (int i = 0; i < units.length; i++) {
            if (n > units[i]) {
                return n / units[i] + names[i];
            }
        }
        return "0s";
    }

    private static Time date(String layout, String value, boolean must) {
        try {
            return new Time(DateLayout.parse(layout, value));
        } catch (GoError e) {
            if (must) {
                throw e;
            }
            return new Time(ZonedDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC")));
        }
    }
}
