package io.manul.apiserver.engine.request;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters in the Prometheus text format (names as upstream's). Safe from any thread. */
public final class Metrics {

    private static final double[] BUCKETS = {0.005, 0.025, 0.1, 0.5, 1, 5, 30};
    /** More label sets than this share one, so that a client cannot grow the table. */
    private static final int MOST_SERIES = 2000;

    private record Series(String verb, String group, String version, String resource, String subresource) {
    }

    private record Coded(Series series, int code) {
    }

    private static final Series OTHER = new Series("OTHER", "", "", "", "");

    private final Map<Coded, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<Series, Histogram> durations = new ConcurrentHashMap<>();
    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();

    private static final class Histogram {
        private final LongAdder[] buckets = new LongAdder[BUCKETS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Histogram() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long took) {
            nanos.add(took);
            int i = 0;
            while (i < BUCKETS.length && took / 1e9 > BUCKETS[i]) {
                i++;
            }
            buckets[i].increment();
        }
    }

    public AtomicInteger watches() {
        return watches;
    }

    AtomicInteger inFlight() {
        return inFlight;
    }

    /** @param code the answer's status; 0 when nobody was answered, which is not counted */
    void count(RequestInfo info, int code, long nanos) {
        if (code == 0) {
            return;
        }
        Series series = series(info);
        requests.computeIfAbsent(new Coded(series, code), k -> new LongAdder()).increment();
        if (!info.verb().equals("watch")) {
            durations.computeIfAbsent(series, k -> new Histogram()).add(nanos);
        }
    }

    private Series series(RequestInfo info) {
        if (requests.size() >= MOST_SERIES) {
            return OTHER;
        }
        return new Series(info.verb().toUpperCase(java.util.Locale.ROOT), info.group(), info.version(), info.resource(),
                info.subresource());
    }

    /** @param storeBytes size of the datastore @param objects stored objects by resource */
    String text(long storeBytes, Map<String, Long> objects) {
        StringBuilder out = new StringBuilder(4096);
        out.append("# HELP apiserver_request_total Requests by verb, resource and answer.\n"
                + "# TYPE apiserver_request_total counter\n");
        Map<String, Long> sorted = new TreeMap<>();
        requests.forEach((c, n) -> sorted.put(labels(c.series) + ",code=\"" + c.code + "\"", n.sum()));
        sorted.forEach((labels, n) -> out.append("apiserver_request_total{").append(labels).append("} ").append(n).append('\n'));
        out.append("# HELP apiserver_request_duration_seconds Time to answer, without watches.\n"
                + "# TYPE apiserver_request_duration_seconds histogram\n");
        durations.forEach((series, h) -> histogram(out, labels(series), h));
        gauge(out, "apiserver_current_inflight_requests", "Requests being answered, without watches.", inFlight.get());
        gauge(out, "apiserver_longrunning_requests", "Open watches.", watches.get());
        gauge(out, "apiserver_storage_size_bytes", "Size of the datastore on disk.", storeBytes);
        out.append("# HELP apiserver_storage_objects Stored objects by resource.\n# TYPE apiserver_storage_objects gauge\n");
        objects.forEach((r, n) -> out.append("apiserver_storage_objects{resource=\"").append(r).append("\"} ").append(n).append('\n'));
        Runtime jvm = Runtime.getRuntime();
        gauge(out, "process_heap_used_bytes", "Java heap in use.", jvm.totalMemory() - jvm.freeMemory());
        return out.toString();
    }

    private static void histogram(StringBuilder out, String labels, Histogram h) {
        String name = "apiserver_request_duration_seconds";
        long sum = 0;
        for (int i = 0; i <= BUCKETS.length; i++) {
            sum += h.buckets[i].sum();
            out.append(name).append("_bucket{").append(labels).append(",le=\"")
                    .append(i < BUCKETS.length ? Double.toString(BUCKETS[i]) : "+Inf").append("\"} ").append(sum).append('\n');
        }
        out.append(name).append("_sum{").append(labels).append("} ").append(h.nanos.sum() / 1e9).append('\n');
        out.append(name).append("_count{").append(labels).append("} ").append(sum).append('\n');
    }

    private static void gauge(StringBuilder out, String name, String help, long value) {
        out.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ").append(name).append(" gauge\n")
                .append(name).append(' ').append(value).append('\n');
    }

    private static String labels(Series s) {
        return "verb=\"" + s.verb + "\",group=\"" + escape(s.group) + "\",version=\"" + escape(s.version) + "\",resource=\""
                + escape(s.resource) + "\",subresource=\"" + escape(s.subresource) + "\"";
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
