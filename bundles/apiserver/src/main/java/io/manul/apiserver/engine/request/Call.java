package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.store.Keys;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.User;
import java.util.List;
import java.util.Set;

/**
 * One authorized request for a resource. Lives on the thread that handles it.
 *
 * @param warnings go out as {@code Warning} headers
 */
public record Call(Exchange exchange, RequestInfo info, User user, Served served, Accept accept, List<String> warnings) {

    public String parameter(String name) {
        return exchange.parameter(name).orElse("");
    }

    public boolean flag(String name) {
        return RequestInfo.truth(exchange, name);
    }

    /** Prefix of the keys that this request's path covers. */
    public String prefix() {
        return Keys.prefix(served.group(), served.name(), info.namespace());
    }

    public String key() {
        return Keys.key(served.group(), served.name(), served.resource().namespaced() ? info.namespace() : "", info.name());
    }

    public ApiException notFound() {
        return ApiException.notFound(info.group(), info.resource(), info.name());
    }

    /** {@code dryRun=All}; any other value is an error. */
    public boolean dryRun() throws ApiException {
        List<String> values = exchange.query().getOrDefault("dryRun", List.of()).stream().filter(v -> !v.isEmpty()).toList();
        for (String value : values) {
            if (!value.equals("All")) {
                throw unsupported("dryRun", value, Set.of("All"));
            }
        }
        return !values.isEmpty();
    }

    /** An option of the query has a value that there is not (422, as upstream validates CreateOptions and its like). */
    ApiException unsupported(String option, String value, Set<String> supported) {
        String kind = switch (info.verb()) {
            case "update" -> "UpdateOptions";
            case "patch" -> "PatchOptions";
            case "delete", "deletecollection" -> "DeleteOptions";
            default -> "CreateOptions";
        };
        return ApiException.invalid("meta.k8s.io", kind, "", new FieldErrors().notSupported(option, value, supported));
    }
}
