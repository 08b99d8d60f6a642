package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.spi.ApiException;

/** The options that say how a watch begins (Kubernetes API reference, ListOptions: sendInitialEvents). */
final class WatchStart {

    private WatchStart() {
    }

    /** True when the watch begins with the objects that exist. */
    static boolean initialList(Call call) throws ApiException {
        String send = call.parameter("sendInitialEvents");
        String match = call.parameter("resourceVersionMatch");
        String version = call.parameter("resourceVersion");
        if (send.isEmpty()) {
            if (!match.isEmpty()) {
                throw ListVerb.forbidden("resourceVersionMatch",
                        "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            return version.isEmpty() || version.equals("0");
        }
        if (!match.equals("NotOlderThan")) {
            throw ListVerb.forbidden("resourceVersionMatch",
                    "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        return call.flag("sendInitialEvents");
    }
}
