package io.manul.listener;

import io.manul.api.gate.Gates;
import io.manul.api.http.Loopback;
import io.manul.api.http.Streams;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints and what stands behind them, from opening to {@link #stop}. */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Limits limits;
    private final Dispatcher dispatcher;
    private final LoopbackCalls loopback;
    private final Network network;
    private final ConsoleSocket console;
    /** Where the tunnel to the servers ends; of a node without a server of its own. */
    private final ConsoleSocket kubelet;
    private final boolean agent;
    private int apiserverPort;
    private int kubeletPort;

    /** @throws IOException an endpoint cannot be opened: which, why and what to do */
    Server(Settings settings, Gates gates, Pki pki, Limits limits) throws IOException {
        this.limits = limits;
        dispatcher = new Dispatcher(gates);
        loopback = new LoopbackCalls(dispatcher);
        network = new Network(limits.connections());
        console = new ConsoleSocket(settings.runDir(), "manul.sock");
        kubelet = new ConsoleSocket(settings.runDir(), "kubelet.sock");
        agent = settings.other("role").orElse("").equals("agent");
        try {
            open(settings, pki);
        } catch (IOException | RuntimeException e) {
            network.stop();
            throw e;
        }
    }

    private void open(Settings settings, Pki pki) throws IOException {
        Budget bodies = new Budget(Math.max(8 << 20, Runtime.getRuntime().maxMemory() / 4));
        Pipelines pipelines = new Pipelines(dispatcher, bodies, limits);
        network.unix(console.prepare(), pipelines.console("console"));
        console.bound();
        if (agent) {
            network.unix(kubelet.prepare(), pipelines.console("kubelet"));
            kubelet.bound();
        } else {
            apiserverPort = network.tcp(settings.bindAddress(), settings.httpsPort(), "https-listen-port",
                    pipelines.tls("apiserver", pki::apiserver));
        }
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
    void stop() throws IOException, InterruptedException {
        network.stopAccepting();
        try {
            dispatcher.stop(limits.stop());
        } finally {
            network.stop();
            console.remove();
            if (agent) {
                kubelet.remove();
            }
        }
    }
}
