package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;

/** create: POST to a collection. */
public final class Create {

    private final Core core;
    private final Writes writes;

    public Create(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
    }

    public void run(Call call) throws ApiException {
        Obj object = Bodies.object(call, call.served().resource().apiVersion(), call.served().resource().kind(), call.served().model());
        Target target = Target.of(call);
        call.exchange().touched();
        Stored stored = writes.creator().create(target, call.served().form().store(object));
        Views.reply(call, 201, stored.value(), stored.revision(), core.now());
    }
}
