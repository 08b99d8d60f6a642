package io.manul.apiserver.engine.sub;

import io.manul.apiserver.engine.crd.CustomKinds;
import io.manul.apiserver.engine.crd.ScalePaths;
import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.verb.PatchVerb;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import io.manul.schema.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sub-resource scale (autoscaling/v1 Scale): spec.replicas, status.replicas, the selector as text; of a custom resource
 * where its definition says that they are.
 */
public final class Scale {

    private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");

    private final Reader reader;
    private final Writes writes;
    private final PatchVerb patches;

    public Scale(Reader reader, Writes writes, PatchVerb patches) {
        this.reader = reader;
        this.writes = writes;
        this.patches = patches;
    }

    public void run(Call call) throws ApiException {
        Target t = Target.of(call);
        switch (call.info().verb()) {
            case "get" -> Replies.json(call, 200, of(t, current(t)).bytes());
            case "update" -> {
                Obj scale = Bodies.any(call);
                change(call, t, current -> scale);
            }
            case "patch" -> {
                Object patch = PatchVerb.patch(call);
                change(call, t, current -> patched(call, t, current, patch));
            }
            default -> throw ApiException.methodNotAllowed(t.group(), t.resource() + "/scale", call.info().verb());
        }
    }

    private Obj current(Target t) throws ApiException {
        return reader.get(t.served().group(), t.served().name(), t.namespace(), t.name()).orElseThrow(t::notFound);
    }

    /** The scale that is asked for, by the object as it is: asked again after a conflict. */
    private interface Wanted {
        Obj of(Obj current) throws ApiException;
    }

    private Obj patched(Call call, Target t, Obj current, Object patch) throws ApiException {
        Obj patched = Obj.from(patches.apply(Bodies.type(call), of(t, current), patch, patches.type(t.served(), SCALE)))
                .orElseThrow(() -> ApiException.badRequest("the patch does not leave a Scale"));
        if (patch instanceof Map<?, ?> m && !Obj.from(m).orElseThrow().has("metadata", "resourceVersion")) {
            patched.remove("metadata", "resourceVersion"); // unconditional
        }
        return patched;
    }

    private void change(Call call, Target t, Wanted wanted) throws ApiException {
        call.exchange().touched();
        Stored s = writes.changer().change(t.whole(), current -> {
            Obj scale = wanted.of(current);
            long replicas = scale.number("spec", "replicas").orElse(0);
            if (replicas < 0) {
                throw ApiException.invalid("autoscaling", "Scale", t.name(),
                        new FieldErrors().invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
            }
            String version = scale.resourceVersion();
            if (!version.isEmpty() && !version.equals("0")) {
                current.set(version, "metadata", "resourceVersion");
            }
            CustomKinds.scale(t.served()).ifPresentOrElse(paths -> paths.setReplicas(current, replicas),
                    () -> current.set(replicas, "spec", "replicas"));
            return current;
        });
        Replies.json(call, 200, of(t, Encoding.parse(s.value(), s.revision())).bytes());
    }

    private static Obj of(Target t, Obj o) {
        Optional<ScalePaths> custom = CustomKinds.scale(t.served());
        long wanted = custom.map(p -> p.replicas(o)).orElseGet(() -> o.number("spec", "replicas")).orElse(0);
        long there = custom.map(p -> p.statusReplicas(o)).orElseGet(() -> o.number("status", "replicas")).orElse(0);
        String selector = custom.map(p -> p.selector(o)).orElseGet(() -> selector(o.at("spec", "selector")));
        return Obj.of("kind", "Scale", "apiVersion", "autoscaling/v1",
                "metadata", Obj.of("name", o.name(), "namespace", o.namespace().isEmpty() ? null : o.namespace(), "uid", o.uid(),
                        "resourceVersion", o.resourceVersion(), "creationTimestamp", o.text("metadata", "creationTimestamp")),
                "spec", Obj.of("replicas", wanted),
                "status", Obj.of("replicas", there, "selector", selector.isEmpty() ? null : selector));
    }

    /** As text for selectors in queries; a ReplicationController's is a plain map. */
    private static String selector(Obj selector) {
        List<String> parts = new ArrayList<>();
        Obj labels = selector.has("matchLabels") || selector.has("matchExpressions") ? selector.at("matchLabels") : selector;
        labels.stringMap().forEach((k, v) -> parts.add(k + "=" + v));
        for (Obj x : selector.objects("matchExpressions")) {
            String values = "(" + String.join(",", x.strings("values")) + ")";
            parts.add(switch (x.text("operator")) {
                case "In" -> x.text("key") + " in " + values;
                case "NotIn" -> x.text("key") + " notin " + values;
                case "DoesNotExist" -> "!" + x.text("key");
                default -> x.text("key");
            });
        }
        return String.join(",", parts);
    }
}
