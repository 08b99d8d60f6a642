package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** {@code /livez}, {@code /readyz}, {@code /healthz}, as a whole or one check ({@code /readyz/datastore}). */
final class Health {

    private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();

    Health(Datastore datastore, BooleanSupplier booted) {
        checks.put("ping", () -> true);
        checks.put("datastore", () -> reads(datastore));
        checks.put("poststarthook/bootstrap", booted);
    }

    private static boolean reads(Datastore datastore) {
        try {
            return datastore.currentRevision() > 0;
        } catch (DatastoreException | io.manul.api.gate.Unavailable e) {
            return false;
        }
    }

    /** @return false when the path is none of these */
    boolean answer(Exchange x) {
        String[] path = x.path().substring(1).split("/", 2);
        if (!path[0].equals("livez") && !path[0].equals("readyz") && !path[0].equals("healthz")) {
            return false;
        }
        if (path.length > 1 && !path[1].isEmpty()) {
            BooleanSupplier one = checks.get(path[1]);
            if (one == null) {
                return false;
            }
            boolean good = one.getAsBoolean();
            Replies.text(x, good ? 200 : 500, good ? "ok" : "not ok");
            return true;
        }
        StringBuilder text = new StringBuilder();
        boolean all = true;
        for (Map.Entry<String, BooleanSupplier> c : checks.entrySet()) {
            if (x.query().getOrDefault("exclude", List.of()).contains(c.getKey())) {
                text.append("[+]").append(c.getKey()).append(" excluded: ok\n");
                continue;
            }
            // a live server need not have booted
            boolean counts = !(path[0].equals("livez") && c.getKey().startsWith("poststarthook"));
            boolean good = !counts || c.getValue().getAsBoolean();
            all &= good;
            text.append(good ? "[+]" : "[-]").append(c.getKey()).append(good ? " ok\n" : " failed: reason withheld\n");
        }
        boolean verbose = x.query().containsKey("verbose") || !all;
        Replies.text(x, all ? 200 : 500, verbose ? text + path[0] + (all ? " check passed\n" : " check failed\n") : "ok");
        return true;
    }
}
