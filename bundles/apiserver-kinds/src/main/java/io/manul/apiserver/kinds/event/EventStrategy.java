package io.manul.apiserver.kinds.event;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Event (core/v1): lives one hour; its table has no Name in front. */
public final class EventStrategy implements Strategy {

    private static final Cells CELLS = new Cells()
            .with("Last Seen", 0, r -> Age.of(last(r.object()), r.now()))
            .text("Type", e -> e.text("type")).text("Reason", e -> e.text("reason"))
            .text("Object", e -> e.text("involvedObject", "kind").toLowerCase(java.util.Locale.ROOT) + "/" + e.text("involvedObject", "name"))
            .wide("Subobject", e -> e.text("involvedObject", "fieldPath"))
            .wide("Source", e -> Cells.or(e.text("source", "component"), e.text("reportingComponent"))
                    + (e.text("source", "host").isEmpty() ? "" : ", " + e.text("source", "host")))
            .text("Message", e -> e.text("message").strip())
            .with("First Seen", 1, r -> Age.of(Cells.or(r.object().text("firstTimestamp"), r.object().text("eventTime")), r.now()))
            .wide("Count", e -> Long.toString(Math.max(1, e.number("series", "count").orElse(e.number("count").orElse(1)))))
            .wide("Name", Obj::name);

    private static String last(Obj e) {
        return Cells.or(e.text("series", "lastObservedTime"), Cells.or(e.text("lastTimestamp"),
                Cells.or(e.text("eventTime"), e.text("firstTimestamp"))));
    }

    @Override
    public Optional<Duration> timeToLive() {
        return Optional.of(Duration.ofHours(1));
    }

    @Override
    public boolean createOnUpdate() {
        return true;
    }

    @Override
    public boolean generation() {
        return false;
    }

    /** Events are told often and lost with little harm, but their creation is a write like any other. */
    @Override
    public boolean volatileWrite(Obj event, Obj old) {
        return true;
    }

    @Override
    public void validate(Obj event, FieldErrors e) {
        String about = event.text("involvedObject", "namespace");
        if (!about.isEmpty() && !about.equals(event.namespace())) {
            e.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
        if (about.isEmpty() && !event.namespace().equals("default") && !event.namespace().equals("kube-system")) {
            e.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
    }

    @Override
    public Map<String, String> selectable(Obj e) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String key : List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")) {
            fields.put("involvedObject." + key, e.text("involvedObject", key));
        }
        fields.put("reason", e.text("reason"));
        fields.put("reportingComponent", Cells.or(e.text("reportingComponent"), e.text("source", "component")));
        fields.put("source", Cells.or(e.text("source", "component"), e.text("reportingComponent")));
        fields.put("type", e.text("type"));
        return fields;
    }

    @Override
    public boolean nameFirst() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
