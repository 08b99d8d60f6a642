package io.manul.apiserver.engine.verb;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.patch.JsonPatch;
import io.manul.apiserver.engine.patch.MergePatch;
import io.manul.apiserver.engine.patch.StrategicMerge;
import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.write.Changer;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** patch: JSON patch (RFC 6902), merge patch (RFC 7386), strategic merge patch. */
public final class PatchVerb {

    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";

    private final Core core;
    private final Writes writes;
    private final StrategicMerge strategic;

    public PatchVerb(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
        this.strategic = new StrategicMerge(core.catalog().schema());
    }

    public void run(Call call) throws ApiException {
        Changer.Change change = change(call);
        call.exchange().touched();
        Stored stored = writes.changer().change(Target.of(call), change);
        Views.reply(call, 200, stored.value(), stored.revision(), core.now());
    }

    private Changer.Change change(Call call) throws ApiException {
        List<String> duplicates = new ArrayList<>();
        Object patch = patch(call, duplicates);
        String type = Bodies.type(call);
        return current -> {
            String version = current.resourceVersion(); // before the patch is merged into it
            Object patched = apply(type, current, patch, call.served().model().type());
            Obj object = Obj.from(patched).orElseThrow(() -> ApiException.badRequest("the patch does not leave an object"));
            if (patch instanceof Map<?, ?> m && !Obj.from(m).orElseThrow().has("metadata", "resourceVersion")) {
                object.remove("metadata", "resourceVersion"); // unconditional: tried again on a conflict
            }
            Obj checked = Bodies.checked(call, object, call.served().resource().apiVersion(), call.served().resource().kind(),
                    call.served().model(), duplicates);
            if (!checked.has("metadata", "resourceVersion")) {
                checked.set(version, "metadata", "resourceVersion");
            }
            return checked;
        };
    }

    /** The body as JSON, of one of the types of a patch. */
    public static Object patch(Call call) throws ApiException {
        return patch(call, new ArrayList<>());
    }

    /** @param duplicates takes the paths of keys that stand twice */
    private static Object patch(Call call, List<String> duplicates) throws ApiException {
        String type = Bodies.type(call);
        switch (type) {
            case JSON_PATCH, MERGE, STRATEGIC -> { }
            case APPLY, "application/apply-patch+cbor" ->
                    throw ApiException.notImplemented("server-side apply is not served yet: use kubectl apply without --server-side");
            default -> throw ApiException.unsupportedMediaType(type, String.join(", ", JSON_PATCH, MERGE, STRATEGIC));
        }
        try {
            byte[] body = call.exchange().body();
            return Json.parse(body, 0, body.length, duplicates::add);
        } catch (JsonException e) {
            throw ApiException.badRequest("error decoding patch: " + e.getMessage());
        }
    }

    /** The type by which a sub-resource's own kind is merged; none for custom resources, which have no strategic merge. */
    public Optional<Type> type(Served served, GroupVersionKind kind) {
        return served.custom() ? Optional.empty() : core.catalog().schema().typeOf(kind);
    }

    /** @param current is the caller's own copy */
    public Object apply(String type, Obj current, Object patch, Optional<Type> model) throws ApiException {
        return switch (type) {
            case JSON_PATCH -> JsonPatch.apply(current.map(), patch);
            case MERGE -> MergePatch.apply(current.map(), Json.copy(patch)); // it may be applied again after a conflict
            default -> {
                Type known = model.orElseThrow(() -> ApiException.unsupportedMediaType(STRATEGIC, JSON_PATCH + ", " + MERGE));
                yield strategic.apply(current.map(), Obj.from(patch)
                        .orElseThrow(() -> ApiException.badRequest("a strategic merge patch must be an object")).map(), known);
            }
        };
    }
}
