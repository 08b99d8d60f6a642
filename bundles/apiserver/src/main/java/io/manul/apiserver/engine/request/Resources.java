package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.apiserver.auth.Auth;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.sub.Finalize;
import io.manul.apiserver.engine.sub.Pods;
import io.manul.apiserver.engine.sub.Proxy;
import io.manul.apiserver.engine.sub.Scale;
import io.manul.apiserver.engine.verb.Create;
import io.manul.apiserver.engine.verb.Delete;
import io.manul.apiserver.engine.verb.Get;
import io.manul.apiserver.engine.verb.ListVerb;
import io.manul.apiserver.engine.verb.PatchVerb;
import io.manul.apiserver.engine.verb.Update;
import io.manul.apiserver.engine.verb.WatchVerb;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.schema.Subresource;
import java.util.List;
import java.util.Set;

/** Takes an authorized request for a resource to its verb. */
final class Resources {

    private static final Set<String> REVIEWS = Set.of("authorization.k8s.io", "authentication.k8s.io");
    private static final Set<String> PLAIN = Set.of("scale", "token", "binding", "eviction", "log", "exec", "attach", "portforward", "proxy");

    private final Core core;
    private final Auth auth;
    private final Get get;
    private final ListVerb list;
    private final WatchVerb watch;
    private final Create create;
    private final Update update;
    private final PatchVerb patch;
    private final Delete delete;
    private final Scale scale;
    private final Pods pods;
    private final Finalize finalize;
    private final Proxy proxy;

    Resources(Core core, Auth auth, Writes writes, Metrics metrics) {
        this.core = core;
        this.auth = auth;
        this.get = new Get(core);
        this.list = new ListVerb(core);
        this.watch = new WatchVerb(core, metrics);
        this.create = new Create(core, writes);
        this.update = new Update(core, writes);
        this.patch = new PatchVerb(core, writes);
        this.delete = new Delete(core, writes, list);
        this.scale = new Scale(core.reader(), writes, patch);
        this.pods = new Pods(core, writes);
        this.finalize = new Finalize(core, writes);
        this.proxy = new Proxy(core);
    }

    void run(Exchange x, RequestInfo info, User user, List<String> warnings) throws Exception {
        Served served = core.catalog().find(info.group(), info.version(), info.resource()).orElseThrow(ApiException::noResource);
        scope(info, served);
        String sub = info.subresource();
        if (!sub.isEmpty()) {
            Subresource part = served.resource().subresource(sub).orElseThrow(ApiException::noResource);
            if (!info.rest().isEmpty() && !sub.equals("proxy")) {
                throw ApiException.noResource();
            }
            // a verb that the part has not would be another one's work under this one's permission; a proxy passes any on
            if (!part.verbs().contains(info.verb()) && !sub.equals("proxy")) {
                throw ApiException.methodNotAllowed(info.group(), info.resource(), info.verb());
            }
        }
        boolean plain = PLAIN.contains(sub) || REVIEWS.contains(info.group());
        Call call = new Call(x, info, user, served, sub.equals("log") || sub.equals("proxy") ? Accept.JSON : Accept.of(x, plain), warnings);
        if (REVIEWS.contains(info.group())) {
            review(call);
        } else if (sub.isEmpty()) {
            whole(call);
        } else {
            part(call, sub);
        }
    }

    /** Namespaced objects stand below their namespace, others do not; across namespaces there are only lists and watches. */
    private static void scope(RequestInfo info, Served served) throws ApiException {
        boolean namespace = !info.namespace().isEmpty() && !served.resource().groupResource().equals("namespaces");
        if (!served.resource().namespaced() && namespace) {
            throw ApiException.noResource();
        }
        if (served.resource().namespaced() && !namespace && !info.verb().equals("list") && !info.verb().equals("watch")) {
            if (!info.collection() && !info.verb().equals("create")) {
                throw ApiException.noResource();
            }
            throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Obj.of());
        }
    }

    private void whole(Call call) throws Exception {
        RequestInfo info = call.info();
        if (!call.served().resource().verbs().contains(info.verb())) {
            throw ApiException.methodNotAllowed(info.group(), info.resource(), info.verb());
        }
        if (info.group().isEmpty() && info.resource().equals("bindings")) {
            pods.bind(call, Bodies.any(call).name());
            return;
        }
        boolean named = !info.name().isEmpty();
        if (info.verb().equals("create") && named || !named && (info.verb().equals("update") || info.verb().equals("patch"))) {
            throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Obj.of());
        }
        switch (info.verb()) {
            case "get" -> get.run(call);
            case "list" -> list.run(call);
            case "watch" -> watch.run(call);
            case "create" -> create.run(call);
            case "update" -> update.run(call);
            case "patch" -> patch.run(call);
            case "delete" -> delete.one(call);
            case "deletecollection" -> delete.collection(call);
            default -> throw ApiException.methodNotAllowed(info.group(), info.resource(), info.verb());
        }
    }

    private void part(Call call, String sub) throws Exception {
        String verb = call.info().verb();
        switch (sub) {
            case "status", "approval" -> {
                switch (verb) {
                    case "get" -> get.run(call);
                    case "update" -> update.run(call);
                    case "patch" -> patch.run(call);
                    default -> throw ApiException.methodNotAllowed(call.info().group(), call.info().resource(), verb);
                }
            }
            case "scale" -> scale.run(call);
            case "binding" -> pods.bind(call, call.info().name());
            case "eviction" -> pods.evict(call);
            case "log", "exec", "attach", "portforward" -> pods.forward(call);
            case "finalize" -> finalize.run(call);
            case "proxy" -> proxy.run(call);
            case "token" -> token(call);
            default -> throw ApiException.notImplemented("the sub-resource " + call.info().resource() + "/" + sub + " is not served yet");
        }
    }

    private void token(Call call) throws ApiException {
        RequestInfo info = call.info();
        Obj request = Bodies.any(call);
        Write w = new Write(Operation.CREATE, call.served().resource(), info.subresource(), info.namespace(), info.name(), request, null,
                Obj.of(), call.user(), call.dryRun(), core.reader(), core.settings(), core.now(), core.random(), call.warnings());
        for (Admission a : core.admission()) {
            a.mutate(w);
        }
        for (Admission a : core.admission()) {
            a.validate(w);
        }
        Replies.json(call, 201, auth.tokens().issue(info.namespace(), info.name(), request).bytes());
    }

    private void review(Call call) throws ApiException {
        if (!call.info().verb().equals("create")) {
            throw ApiException.methodNotAllowed(call.info().group(), call.info().resource(), call.info().verb());
        }
        String kind = call.served().resource().kind();
        Obj review = Bodies.object(call, call.served().resource().apiVersion(), kind, call.served().model());
        Replies.json(call, 201, auth.reviews().answer(kind, call.info().namespace(), review, call.user()).bytes());
    }

}
