package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.selector.Selection;
import io.manul.apiserver.engine.store.Keys;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.KeyValue;
import io.manul.json.Obj;
import java.util.List;
import java.util.Set;

/** delete and deletecollection. */
public final class Delete {

    /** Kinds whose delete answers with the object that went, as upstream's. */
    private static final Set<String> ANSWERED_WITH_OBJECT = Set.of("pods", "persistentvolumes", "persistentvolumeclaims",
            "podtemplates", "serviceaccounts", "resourcequotas", "resourceclaims.resource.k8s.io");

    private final Core core;
    private final Writes writes;
    private final ListVerb lists;

    public Delete(Core core, Writes writes, ListVerb lists) {
        this.core = core;
        this.writes = writes;
        this.lists = lists;
    }

    public void one(Call call) throws ApiException {
        Target target = Target.of(call).with(options(call));
        call.exchange().touched();
        Stored stored = writes.deleter().delete(target);
        boolean shown = !stored.gone() || ANSWERED_WITH_OBJECT.contains(call.served().resource().groupResource());
        if (shown) {
            Views.reply(call, 200, stored.value(), stored.revision(), core.now());
        } else {
            Obj object = Obj.parse(stored.value());
            Replies.json(call, 200, success(target, object).bytes());
        }
    }

    private static Obj success(Target t, Obj object) {
        return Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Success", "details",
                Obj.of("name", object.name(), "group", t.group().isEmpty() ? null : t.group(), "kind", t.resource(), "uid", object.uid()));
    }

    /** DeleteOptions of the body; the query fills in what the body leaves out. */
    public static Obj options(Call call) throws ApiException {
        Obj options = Bodies.any(call);
        for (String number : List.of("gracePeriodSeconds")) {
            String value = call.parameter(number);
            if (!value.isEmpty() && !options.has(number)) {
                if (!value.matches("-?[0-9]{1,18}")) {
                    throw ApiException.badRequest(number + ": Invalid value: \"" + value + "\": must be a number");
                }
                options.put(number, Long.parseLong(value));
            }
        }
        if (!call.parameter("propagationPolicy").isEmpty() && !options.has("propagationPolicy")) {
            options.put("propagationPolicy", call.parameter("propagationPolicy"));
        }
        if (!call.parameter("orphanDependents").isEmpty() && !options.has("orphanDependents")) {
            options.put("orphanDependents", call.flag("orphanDependents"));
        }
        return options;
    }

    public void collection(Call call) throws ApiException {
        Selection selection = Selection.of(call.served(), call.parameter("labelSelector"), call.parameter("fieldSelector"));
        Obj options = options(call);
        ListVerb.Page page = lists.page(call, selection);
        call.exchange().touched();
        String prefix = Keys.prefix(call.served().group(), call.served().name());
        for (KeyValue kv : page.items()) {
            String namespace = call.served().resource().namespaced() ? Keys.namespace(kv.key(), prefix) : "";
            Target t = new Target(call.served(), namespace, Keys.name(kv.key()), "", call.user(), call.dryRun(), options.copy(), call.warnings());
            try {
                writes.deleter().delete(t);
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
        // upstream answers with the list that was found; one too long to be copied is not worth its memory
        Replies.json(call, 200, ListVerb.size(page) >= LongList.FROM_BYTES
                ? Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Success").bytes() : ListVerb.list(call, page));
    }
}
