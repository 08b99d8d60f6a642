package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.store.Failures;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.DatastoreException;

/** resourceVersion parameters (Kubernetes, "API concepts", resource versions). */
final class Revisions {

    private Revisions() {
    }

    /** 0 for none and for "0". */
    static long parse(String resourceVersion) throws ApiException {
        if (resourceVersion.isEmpty()) {
            return 0;
        }
        try {
            long revision = Long.parseLong(resourceVersion);
            if (revision >= 0) {
                return revision;
            }
        } catch (NumberFormatException e) {
            throw invalid(resourceVersion);
        }
        throw invalid(resourceVersion);
    }

    private static ApiException invalid(String resourceVersion) {
        return ApiException.badRequest("resourceVersion: Invalid value: \"" + resourceVersion
                + "\": must be a number that this server gave out");
    }

    /** The store has reached at least this revision. */
    static void notOlder(Core core, String resourceVersion) throws ApiException, DatastoreException {
        long asked = parse(resourceVersion);
        if (asked == 0) {
            return;
        }
        long now = core.datastore().currentRevision();
        if (asked > now) {
            throw Failures.tooLarge(asked + ", current: " + now);
        }
    }
}
