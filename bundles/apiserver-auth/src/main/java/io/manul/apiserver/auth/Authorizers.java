package io.manul.apiserver.auth;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import java.util.List;

/** One authorizer after the other; the first with an opinion decides. */
public record Authorizers(List<Authorizer> chain) implements Authorizer {

    @Override
    public Decision authorize(Attributes a) {
        StringBuilder reasons = new StringBuilder();
        for (Authorizer authorizer : chain) {
            Decision d = authorizer.authorize(a);
            if (d.kind() != Decision.Kind.NO_OPINION) {
                return d;
            }
            if (!d.reason().isEmpty()) {
                reasons.append(reasons.isEmpty() ? "" : "; ").append(d.reason());
            }
        }
        return new Decision(Decision.Kind.NO_OPINION, reasons.toString());
    }

    /** The refusal, in upstream's words. */
    public static ApiException forbidden(Attributes a, Decision d) {
        String reason = d.reason().isEmpty() ? "" : ": " + d.reason();
        if (!a.resourceRequest()) {
            return ApiException.forbidden("", "", "", "User \"" + a.user().name() + "\" cannot " + a.verb() + " path \"" + a.path() + "\"" + reason);
        }
        String resource = a.subresource().isEmpty() ? a.resource() : a.resource() + "/" + a.subresource();
        String where = a.namespace().isEmpty() ? "at the cluster scope" : "in the namespace \"" + a.namespace() + "\"";
        return ApiException.forbidden(a.group(), a.resource(), a.name(), "User \"" + a.user().name() + "\" cannot " + a.verb()
                + " resource \"" + resource + "\" in API group \"" + a.group() + "\" " + where + reason);
    }
}
