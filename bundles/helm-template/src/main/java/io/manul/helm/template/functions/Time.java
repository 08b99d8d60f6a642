package io.manul.helm.template.functions;

import io.manul.helm.template.go.Duration;
import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Struct;
import java.time.ZonedDateTime;
import java.util.Map;

/** Go's {@code time.Time} in a template. */
record Time(ZonedDateTime at) implements Struct {

    @Override
    public String type() {
        return "time.Time";
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of();
    }

    @Override
    public String text() {
        return DateLayout.format("2006-01-02 15:04:05.999999999 -0700 MST", at);
    }

    @Override
    public Func method(String name) {
        return switch (name) {
            case "Format" -> Func.of(name, "string", a -> DateLayout.format((String) a[0], at));
            case "Unix" -> Func.of(name, "", a -> at.toEpochSecond());
            case "UnixNano" -> Func.of(name, "", a -> at.toEpochSecond() * 1_000_000_000L + at.getNano());
            case "UnixMilli" -> Func.of(name, "", a -> at.toInstant().toEpochMilli());
            case "Year" -> Func.of(name, "", a -> Int.of(at.getYear()));
            case "Day" -> Func.of(name, "", a -> Int.of(at.getDayOfMonth()));
            case "YearDay" -> Func.of(name, "", a -> Int.of(at.getDayOfYear()));
            case "Hour" -> Func.of(name, "", a -> Int.of(at.getHour()));
            case "Minute" -> Func.of(name, "", a -> Int.of(at.getMinute()));
            case "Second" -> Func.of(name, "", a -> Int.of(at.getSecond()));
            case "Nanosecond" -> Func.of(name, "", a -> Int.of(at.getNano()));
            case "UTC" -> Func.of(name, "", a -> new Time(at.withZoneSameInstant(java.time.ZoneId.of("UTC"))));
            case "String" -> Func.of(name, "", a -> text());
            case "IsZero" -> Func.of(name, "", a -> at.getYear() == 1 && at.getDayOfYear() == 1 && at.toLocalTime().toNanoOfDay() == 0);
            case "AddDate" -> Func.of(name, "int,int,int", a -> new Time(at.plusYears(Table.number(a, 0)).plusMonths(Table.number(a, 1))
                    .plusDays(Table.number(a, 2))));
            case "Before" -> Func.of(name, "time.Time", a -> at.isBefore(((Time) a[0]).at));
            case "After" -> Func.of(name, "time.Time", a -> at.isAfter(((Time) a[0]).at));
            case "Equal" -> Func.of(name, "time.Time", a -> at.toInstant().equals(((Time) a[0]).at.toInstant()));
            case "Sub" -> Func.of(name, "time.Time", a -> new Duration(java.time.Duration.between(((Time) a[0]).at, at).toNanos()));
            default -> null;
        };
    }
}
