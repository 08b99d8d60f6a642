package io.manul.apiserver.engine.sub;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sub-resources of Pod: binding, eviction, log, exec, attach, portforward. */
public final class Pods {

    private static final Obj SUCCESS = Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Success", "code", 201);

    private final Core core;
    private final Writes writes;
    private final Evictions evictions;
    private final Reach reach;

    public Pods(Core core, Writes writes) {
        this.core = core;
        this.reach = new Reach(core.settings());
        this.writes = writes;
        this.evictions = new Evictions(core, writes);
    }

    /** @param name the pod's; of the path, or of the Binding */
    public void bind(Call call, String name) throws ApiException {
        Obj binding = Bodies.any(call);
        String node = binding.text("target", "name");
        String kind = binding.text("target", "kind");
        if (node.isEmpty() || !kind.isEmpty() && !kind.equals("Node")) {
            throw ApiException.badRequest("binding: target must be a Node with a name");
        }
        Target t = Target.of(call).whole().named(name);
        call.exchange().touched();
        writes.changer().change(t, pod -> {
            String uid = binding.uid();
            if (!uid.isEmpty() && !uid.equals(pod.uid())) {
                throw ApiException.conflict("", "pods", name, "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + pod.uid());
            }
            if (pod.deleting()) {
                throw ApiException.conflict("", "pods/binding", name, "pod " + name + " is being deleted, cannot be assigned to a host");
            }
            if (!pod.text("spec", "nodeName").isEmpty()) {
                throw ApiException.conflict("", "pods/binding", name,
                        "pod " + name + " is already assigned to node \"" + pod.text("spec", "nodeName") + "\"");
            }
            if (!pod.objects("spec", "schedulingGates").isEmpty()) {
                throw ApiException.conflict("", "pods/binding", name, "pod " + name + " has non-empty .spec.schedulingGates");
            }
            pod.remove("status", "nominatedNodeName"); // it is where room was made, or elsewhere
            binding.annotations().forEach((k, v) -> pod.make("metadata", "annotations").put(k, v));
            return scheduled(pod.set(node, "spec", "nodeName"));
        }, true);
        Replies.json(call, 201, SUCCESS.bytes());
    }

    private Obj scheduled(Obj pod) {
        List<Object> conditions = pod.list("status", "conditions");
        conditions.removeIf(c -> Obj.from(c).map(o -> o.text("type").equals("PodScheduled")).orElse(false));
        conditions.add(Obj.of("type", "PodScheduled", "status", "True", "lastProbeTime", null,
                "lastTransitionTime", core.now().truncatedTo(ChronoUnit.SECONDS).toString()).map());
        return pod;
    }

    public void evict(Call call) throws ApiException {
        evictions.run(call);
    }

    /** log, exec, attach and portforward are the kubelet's: the exchange is handed over. */
    public void forward(Call call) throws ApiException {
        String name = call.info().name();
        Obj pod = core.reader().get("", "pods", call.info().namespace(), name).orElseThrow(call::notFound);
        String node = pod.text("spec", "nodeName");
        String sub = call.info().subresource();
        if (node.isEmpty()) {
            if (sub.equals("log")) {
                Replies.text(call.exchange(), 200, "");
                return;
            }
            throw ApiException.badRequest("pod " + name + " does not have a host assigned");
        }
        String base = "/" + call.info().namespace() + "/" + name;
        String target = switch (sub) {
            case "log" -> "/containerLogs" + base + "/" + container(call, pod);
            case "portforward" -> "/portForward" + base;
            default -> "/" + sub + base + "/" + container(call, pod);
        };
        reach.kubelet(call.exchange(), node, target + query(call), call.user());
    }

    private static String query(Call call) {
        String query = call.exchange().query().entrySet().stream().filter(e -> !e.getKey().equals("container"))
                .flatMap(e -> e.getValue().stream().map(v -> encode(e.getKey()) + "=" + encode(v))).collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    private static String encode(String s) {
        return URLEncoder.encode(s, StandardCharsets.UTF_8);
    }

    private static String container(Call call, Obj pod) throws ApiException {
        List<String> main = pod.objects("spec", "containers").stream().map(c -> c.text("name")).toList();
        List<String> init = pod.objects("spec", "initContainers").stream().map(c -> c.text("name")).toList();
        String asked = call.parameter("container");
        if (asked.isEmpty()) {
            Optional<String> named = Optional.ofNullable(pod.annotations().get("kubectl.kubernetes.io/default-container")).filter(main::contains);
            if (named.isPresent()) {
                return named.get();
            }
            if (main.size() == 1) {
                return main.getFirst();
            }
            String choose = "choose one of: [" + String.join(" ", main) + "]"
                    + (init.isEmpty() ? "" : " or one of the init containers: [" + String.join(" ", init) + "]");
            throw ApiException.badRequest("a container name must be specified for pod " + pod.name() + ", " + choose);
        }
        if (Stream.of(main, init).noneMatch(l -> l.contains(asked))) {
            throw ApiException.badRequest("container " + asked + " is not valid for pod " + pod.name());
        }
        return asked;
    }
}
