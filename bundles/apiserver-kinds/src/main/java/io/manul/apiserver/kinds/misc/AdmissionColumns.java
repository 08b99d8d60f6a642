package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;

/** Columns of webhook configurations, admission policies and their bindings. */
public final class AdmissionColumns {

    public static final Cells WEBHOOKS = new Cells().number("Webhooks", w -> (long) w.objects("webhooks").size()).age();

    public static final Cells VALIDATING = policy("Validations", "validations");

    public static final Cells MUTATING = policy("Mutations", "mutations");

    public static final Cells BINDING = new Cells().text("PolicyName", b -> b.text("spec", "policyName"))
            .text("ParamRef", b -> param(b.at("spec", "paramRef"))).age();

    private AdmissionColumns() {
    }

    private static Cells policy(String column, String rules) {
        return new Cells().number(column, p -> (long) p.objects("spec", rules).size())
                .text("ParamKind", p -> p.object("spec", "paramKind").map(k -> k.text("apiVersion") + "/" + k.text("kind")).orElse("<unset>")).age();
    }

    /** Without a namespace it may be cluster-scoped or in every namespace: {@code *}. */
    private static String param(Obj ref) {
        if (!ref.text("name").isEmpty()) {
            return Cells.or(ref.text("namespace"), "*") + "/" + ref.text("name");
        }
        return ref.has("selector") ? Cells.selector(ref.at("selector")) : "<unset>";
    }
}
