package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.util.Optional;

/** update: PUT of an object, or of its status. */
public final class Update {

    private final Core core;
    private final Writes writes;

    public Update(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
    }

    public void run(Call call) throws ApiException {
        Obj object = Bodies.object(call, call.served().resource().apiVersion(), call.served().resource().kind(), call.served().model());
        Target target = Target.of(call);
        if (!object.name().isEmpty() && !object.name().equals(target.name())) {
            throw ApiException.badRequest("the name of the object (" + object.name() + ") does not match the name on the URL (" + target.name() + ")");
        }
        call.exchange().touched();
        Optional<Stored> created = writes.changer().createInstead(target, call.served().form().store(object.copy()));
        if (created.isPresent()) {
            Views.reply(call, 201, created.get().value(), created.get().revision(), core.now());
            return;
        }
        Stored stored = writes.changer().change(target, current -> object.copy());
        Views.reply(call, 200, stored.value(), stored.revision(), core.now());
    }
}
