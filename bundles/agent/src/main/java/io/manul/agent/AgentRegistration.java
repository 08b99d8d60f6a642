package io.manul.agent;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.BalancedClusters;
import io.manul.client.Clusters;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node without a server of its own has in place of one: its certificates, the API of the servers, tunnels to them. */
@Component(immediate = true, service = {})
public final class AgentRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(AgentRegistration.class);

    private final List<ServiceRegistration<?>> registered = new ArrayList<>();
    private final NodePki pki;
    private final BalancedClusters clusters;
    private final Links links;
    private final Informer slices;
    private final Thread renewal;

    @Activate
    public AgentRegistration(BundleContext context, @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates) throws IOException {
        NodeFiles files = new NodeFiles(settings.dataDir());
        URI first = URI.create(settings.other("server").orElseThrow());
        pki = new NodePki(files);
        KnownServers servers = new KnownServers(first, files, pki);
        clusters = new BalancedClusters(servers, settings.dataDir().resolve("agent/memory"));
        links = new Links(new Link.Plan(() -> servers.tls(NodeFiles.KUBELET), settings.runDir().resolve("kubelet.sock"), clusters::lost,
                RandomGenerator.getDefault()));
        Join.Wanted wanted = new Join.Wanted(first, settings.other("token").map(Token::parse), settings.nodeName(), settings.other("node-ip").orElse(settings.nodeIp()));
        renewal = Thread.ofVirtual().name("certificates").unstarted(new Renewal(files, servers, wanted, this::renewed, InstantSource.system()));
        slices = clusters.as("system:k3s-controller", List.of(), "agent")
                .informer(Resources.ENDPOINT_SLICES, new Selection("default", "kubernetes.io/service-name=kubernetes", ""));
        slices.listen(c -> servers.advertised(addresses()));
        registered.add(context.registerService(Pki.class, new One<>(pki), new Hashtable<>()));
        registered.add(context.registerService(Clusters.class, new One<>(clusters), new Hashtable<>()));
        gates.gate(Handler.class, "apiserver").flip(new ApiRelay(clusters), "agent");
        servers.listen(links::want);
        renewal.start();
        slices.start();
    }

    private List<URI> addresses() {
        List<URI> all = new ArrayList<>();
        for (Obj slice : slices.list()) {
            long port = slice.objects("ports").stream().findFirst().flatMap(p -> p.number("port").stream().boxed().findFirst()).orElse(6443L);
            for (Obj endpoint : slice.objects("endpoints")) {
                endpoint.strings("addresses").forEach(a -> all.add(URI.create("https://" + (a.contains(":") ? "[" + a + "]" : a) + ":" + port)));
            }
        }
        return all.stream().distinct().sorted().toList();
    }

    private void renewed() {
        pki.renewed();
        clusters.renewed();
        LOG.info("Connections begin anew with the renewed certificates");
    }

    @Deactivate
    void stop() {
        renewal.interrupt();
        slices.close();
        links.close();
        clusters.close();
        registered.forEach(ServiceRegistration::unregister);
    }

    private record One<S>(S service) implements PrototypeServiceFactory<S> {
        @Override
        public S getService(Bundle bundle, ServiceRegistration<S> r) {
            return service;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<S> r, S given) {
            // the object lives as long as this bundle
        }
    }
}
