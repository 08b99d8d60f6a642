package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;

/** A pod stays 300 s on a node that is not ready or not reachable, unless it says otherwise. */
public final class DefaultTolerationSeconds implements Admission {

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public void mutate(Write w) {
        boolean pod = w.resource().group().isEmpty() && w.resource().plural().equals("pods") && w.subresource().isEmpty();
        if (!pod || w.operation() != Operation.CREATE) {
            return;
        }
        for (String key : new String[] {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
            boolean covered = w.object().objects("spec", "tolerations").stream()
                    .anyMatch(t -> (t.text("key").equals(key) || t.text("key").isEmpty())
                            && (t.text("effect").equals("NoExecute") || t.text("effect").isEmpty()));
            if (!covered) {
                w.object().list("spec", "tolerations")
                        .add(Obj.of("key", key, "operator", "Exists", "effect", "NoExecute", "tolerationSeconds", 300).map());
            }
        }
    }
}
