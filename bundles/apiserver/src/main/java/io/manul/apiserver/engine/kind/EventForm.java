package io.manul.apiserver.engine.kind;

import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * events.k8s.io/v1 over stored core/v1 Events: the same facts under other names (Kubernetes API reference, Event v1 and
 * Event v1 events.k8s.io).
 */
public final class EventForm extends Form.Converted {

    private static final Map<String, String> NAMES = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");

    private static final Map<String, String> BACK = back();

    private static Map<String, String> back() {
        Map<String, String> back = new LinkedHashMap<>();
        NAMES.forEach((core, shown) -> back.put(shown, core));
        return Map.copyOf(back);
    }

    @Override
    public String apiVersion() {
        return "events.k8s.io/v1";
    }

    @Override
    public Obj show(Obj stored) {
        return rename(stored, NAMES).put("apiVersion", apiVersion());
    }

    @Override
    public Obj store(Obj shown) {
        return rename(shown, BACK).put("apiVersion", "v1");
    }

    private static Obj rename(Obj object, Map<String, String> names) {
        Map<String, Object> out = new LinkedHashMap<>();
        object.map().forEach((k, v) -> out.put(names.getOrDefault(k, k), v));
        return Obj.view(out);
    }
}
