package io.manul.kubelet.log;

import io.manul.api.http.Exchange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * What is asked of a log (API reference, PodLogOptions).
 *
 * @param tail  lines from the end; -1: all
 * @param since lines before are left out; {@link Instant#MIN}: none are
 * @param limit bytes; -1: no limit
 */
public record LogRequest(boolean follow, boolean previous, boolean timestamps, long tail, Instant since, long limit) {

    /** @throws IllegalArgumentException that says which parameter is wrong */
    public static LogRequest of(Exchange x, InstantSource clock) {
        Instant since = Instant.MIN;
        Optional<Long> seconds = number(x, "sinceSeconds", 1);
        Optional<String> time = x.parameter("sinceTime").filter(t -> !t.isEmpty());
        if (seconds.isPresent() && time.isPresent()) {
            throw new IllegalArgumentException("at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        if (seconds.isPresent()) {
            since = clock.instant().minusSeconds(Math.min(seconds.get(), 100L * 365 * 86_400));
        } else if (time.isPresent()) {
            try {
                since = OffsetDateTime.parse(time.get()).toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("sinceTime: Invalid value: \"" + time.get() + "\": must be an RFC 3339 time", e);
            }
        }
        return new LogRequest(flag(x, "follow"), flag(x, "previous"), flag(x, "timestamps"), number(x, "tailLines", 0).orElse(-1L),
                since, number(x, "limitBytes", 1).orElse(-1L));
    }

    private static boolean flag(Exchange x, String name) {
        return switch (x.parameter(name).orElse("")) {
            case "", "false", "0" -> false;
            case "true", "1" -> true;
            default -> throw new IllegalArgumentException(name + ": Invalid value: \"" + x.parameter(name).orElse("")
                    + "\": must be true or false");
        };
    }

    private static Optional<Long> number(Exchange x, String name, long least) {
        Optional<String> text = x.parameter(name).filter(t -> !t.isEmpty());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            long n = Long.parseLong(text.get());
            if (n >= least) {
                return Optional.of(n);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": Invalid value: \"" + text.get() + "\": must be a number", e);
        }
        throw new IllegalArgumentException(name + ": Invalid value: " + text.get() + ": must be greater than or equal to " + least);
    }
}
