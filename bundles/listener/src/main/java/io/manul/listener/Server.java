package io.manul.listener;

import io.manul.api.gate.Gates;
import io.manul.api.http.Loopback;
import io.manul.api.http.Streams;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the endpoints when this bundle starts, and offers {@link Streams} and {@link Loopback}. Never replaced live. */
@Component(service = {}, immediate = true)
public final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Limits limits;
    private final Dispatcher dispatcher;
    private final LoopbackCalls loopback;
    private final Network network;
    private final ConsoleSocket console;
    private final List<ServiceRegistration<?>> registered;
    private int apiserverPort;
    private int kubeletPort;

    @Activate
    public Server(BundleContext context,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) throws IOException {
        this(settings, gates, pki, Limits.DEFAULT, (server) -> List.of(
                context.registerService(Streams.class, new Once<>(server.streams()), none()),
                context.registerService(Loopback.class, new Once<>(server.loopback()), none())));
    }

    /** For tests: with other limits, without a framework. */
    Server(Settings settings, Gates gates, Pki pki, Limits limits, Registrar registrar) throws IOException {
        this.limits = limits;
        dispatcher = new Dispatcher(gates);
        loopback = new LoopbackCalls(dispatcher);
        network = new Network(limits.connections());
        console = new ConsoleSocket(settings.runDir());
        try {
            open(settings, pki);
        } catch (IOException | RuntimeException e) {
            // said here in one line, because Declarative Services reports the exception as a trace and starts on without us
            LOG.error("The server cannot listen: {}", e.getMessage());
            network.stop();
            throw e;
        }
        registered = registrar.register(this);
    }

    /** Registers the services of a server that is open. */
    interface Registrar {
        List<ServiceRegistration<?>> register(Server server);
    }

    private static Dictionary<String, Object> none() {
        return new Hashtable<>();
    }

    private void open(Settings settings, Pki pki) throws IOException {
        Budget bodies = new Budget(Math.max(8 << 20, Runtime.getRuntime().maxMemory() / 4));
        Pipelines pipelines = new Pipelines(dispatcher, bodies, limits);
        network.unix(console.prepare(), pipelines.console("console"));
        console.bound();
        apiserverPort = network.tcp(settings.bindAddress(), settings.httpsPort(), "https-listen-port",
                pipelines.tls("apiserver", pki::apiserver));
        kubeletPort = network.tcp(settings.bindAddress(), settings.kubeletPort(), "kubelet-port",
                pipelines.tls("kubelet", pki::kubeletServing));
        LOG.info("Listening address={} apiserver={} kubelet={} console={}", settings.bindAddress(), apiserverPort,
                kubeletPort, console.path());
    }

    Streams streams() {
        return dispatcher;
    }

    Loopback loopback() {
        return loopback;
    }

    int apiserverPort() {
        return apiserverPort;
    }

    int kubeletPort() {
        return kubeletPort;
    }

    /** Stops accepting, lets exchanges end for a bounded time, closes everything; within 5 s. */
    @Deactivate
    void stop() throws IOException, InterruptedException {
        network.stopAccepting();
        try {
            dispatcher.stop(limits.stop());
        } finally {
            network.stop();
            registered.forEach(ServiceRegistration::unregister);
            console.remove();
        }
    }
}
