package io.manul.apiserver.engine.sub;

import io.manul.api.http.Exchange;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/**
 * The sub-resource proxy of nodes, pods and services: the request goes to what is named and its answer comes back (Kubernetes API
 * reference, "Proxy operations"; {@code [SCHEME:]NAME[:PORT]/proxy/PATH}).
 */
public final class Proxy {

    private static final Set<String> REDIRECTED = Set.of("GET", "HEAD");

    private final Core core;
    private final Reach reach;
    private final Endpoints endpoints;
    private final Backend backend = new Backend();

    public Proxy(Core core) {
        this.core = core;
        this.reach = new Reach(core.settings());
        this.endpoints = new Endpoints(core.reader(), reach);
    }

    /** Where a request goes. */
    record Target(boolean tls, InetSocketAddress address) {
    }

    public void run(Call call) throws Exception {
        Exchange x = call.exchange();
        Named named = Named.of(call.info().name()).orElseThrow(() -> ApiException.badRequest("invalid "
                + call.info().resource().replaceAll("s$", "") + " request \"" + call.info().name() + "\""));
        String rest = Rest.of(x.target(), call.info().namespace().isEmpty());
        if (call.info().resource().equals("nodes") && kubelets(named.port())) {
            node(call, named, rest);
            return;
        }
        Target target = switch (call.info().resource()) {
            case "nodes" -> node(call, named);
            case "pods" -> endpoints.pod(core.reader().get("", "pods", call.info().namespace(), named.name()).orElseThrow(call::notFound), named);
            default -> endpoints.service(core.reader().get("", "services", call.info().namespace(), named.name()).orElseThrow(call::notFound), named);
        };
        if (x.upgrade()) {
            upgrade(x, target, slashed(rest));
        } else if (Rest.path(rest).isEmpty() && REDIRECTED.contains(x.method())) {
            x.reply(301, Map.of("location", x.path() + "/" + Rest.query(rest)), new byte[0]);
        } else {
            backend.pass(x, target, slashed(rest), Rest.prefix(x.target(), rest));
        }
    }

    private boolean kubelets(String port) {
        return port.isEmpty() || port.equals(Integer.toString(core.settings().kubeletPort()));
    }

    private void node(Call call, Named named, String rest) throws ApiException {
        core.reader().get("", "nodes", "", named.name()).orElseThrow(call::notFound);
        reach.kubelet(call.exchange(), named.name(), slashed(rest), call.user());
    }

    private Target node(Call call, Named named) throws ApiException {
        Obj node = core.reader().get("", "nodes", "", named.name()).orElseThrow(call::notFound);
        String ip = node.objects("status", "addresses").stream().filter(a -> a.text("type").equals("InternalIP")).findFirst()
                .map(a -> a.text("address")).orElseThrow(() -> ApiException.unavailable("node " + named.name() + " has no address"));
        return new Target(named.tls(), reach.address(ip, named.number()));
    }

    private static String slashed(String rest) {
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** The listener joins the two connections; TLS to the pod would have to be spoken in between. */
    private static void upgrade(Exchange x, Target target, String rest) throws ApiException {
        if (target.tls()) {
            throw ApiException.notImplemented("protocol upgrades are proxied to http back-ends only, not to https");
        }
        x.splice(target.address(), rest);
    }
}
