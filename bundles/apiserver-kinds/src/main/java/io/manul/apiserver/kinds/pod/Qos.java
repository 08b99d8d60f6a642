package io.manul.apiserver.kinds.pod;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.ArrayList;
import java.util.List;

/** Quality of service class (Kubernetes, "Pod Quality of Service Classes"). */
public final class Qos {

    private Qos() {
    }

    public static String of(Obj spec) {
        boolean any = false;
        boolean guaranteed = true;
        List<Obj> containers = new ArrayList<>(spec.objects("initContainers"));
        containers.addAll(spec.objects("containers"));
        for (Obj c : containers) {
            for (String resource : List.of("cpu", "memory")) {
                long limit = Quantity.millis(c.get("resources", "limits", resource));
                long request = Quantity.millis(c.get("resources", "requests", resource));
                any |= limit > 0 || request > 0;
                guaranteed &= limit > 0 && request == limit;
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
