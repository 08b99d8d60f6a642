package io.manul.apiserver.engine.sub;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.verb.Views;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;

/** namespaces/finalize: PUT takes finalizers from spec.finalizers; the last one lets the namespace go. */
public final class Finalize {

    private final Core core;
    private final Writes writes;

    public Finalize(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
    }

    public void run(Call call) throws ApiException {
        Obj wanted = Bodies.any(call);
        call.exchange().touched();
        Stored s = writes.changer().change(Target.of(call), current -> {
            if (!wanted.resourceVersion().isEmpty()) {
                current.set(wanted.resourceVersion(), "metadata", "resourceVersion");
            }
            return current.set(wanted.at("spec").copy(), "spec");
        });
        Views.reply(call, 200, s.value(), s.revision(), core.now());
    }
}
