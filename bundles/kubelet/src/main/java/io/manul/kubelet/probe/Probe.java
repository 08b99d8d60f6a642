package io.manul.kubelet.probe;

import io.manul.json.Obj;
import java.time.Duration;

/** A probe's numbers with their defaults (API reference, Probe). @param action the probe itself: exec, httpGet, tcpSocket, grpc */
public record Probe(Obj action, Duration delay, Duration period, Duration timeout, int successes, int failures) {

    public static Probe of(Obj probe) {
        return new Probe(probe, seconds(probe, "initialDelaySeconds", 0), seconds(probe, "periodSeconds", 10),
                seconds(probe, "timeoutSeconds", 1), number(probe, "successThreshold", 1), number(probe, "failureThreshold", 3));
    }

    private static Duration seconds(Obj probe, String field, int usual) {
        return Duration.ofSeconds(number(probe, field, usual));
    }

    private static int number(Obj probe, String field, int usual) {
        long n = probe.number(field).orElse(usual);
        return n <= 0 ? usual : (int) Math.min(n, Integer.MAX_VALUE);
    }
}
