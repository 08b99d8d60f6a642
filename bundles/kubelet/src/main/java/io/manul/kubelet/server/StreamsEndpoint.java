package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.AttachRequest;
import io.manul.cri.v1.ExecRequest;
import io.manul.cri.v1.PortForwardRequest;
import io.manul.kubelet.server.Containers.Target;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code /exec}, {@code /attach}, {@code /portForward}: the runtime prepares a stream and names its URL, and the listener
 * joins the client with it. No code of this bundle stands between them afterwards.
 */
final class StreamsEndpoint {

    private static final int MOST_PORTS = 64;

    private final ContainerRuntime runtime;
    private final Containers containers;

    StreamsEndpoint(ContainerRuntime runtime, Containers containers) {
        this.runtime = runtime;
        this.containers = containers;
    }

    void exec(Exchange x, Target target) throws CriException, InterruptedException, Refused {
        upgrade(x);
        List<String> command = x.query().getOrDefault("command", List.of());
        if (command.isEmpty()) {
            throw Refused.badRequest("you must specify at least 1 command for the container");
        }
        boolean tty = flag(x, "tty");
        boolean stdin = flag(x, "input", "stdin");
        boolean stdout = flag(x, "output", "stdout");
        boolean stderr = flag(x, "error", "stderr") && !tty;
        some(stdin, stdout, stderr);
        String id = containers.running(target).getId();
        join(x, runtime.exec(ExecRequest.newBuilder().setContainerId(id).addAllCmd(command).setTty(tty)
                .setStdin(stdin).setStdout(stdout).setStderr(stderr).build()).getUrl());
    }

    void attach(Exchange x, Target target) throws CriException, InterruptedException, Refused {
        upgrade(x);
        boolean tty = flag(x, "tty");
        boolean stdin = flag(x, "input", "stdin");
        boolean stdout = flag(x, "output", "stdout");
        boolean stderr = flag(x, "error", "stderr") && !tty;
        some(stdin, stdout, stderr);
        String id = containers.running(target).getId();
        join(x, runtime.attach(AttachRequest.newBuilder().setContainerId(id).setTty(tty)
                .setStdin(stdin).setStdout(stdout).setStderr(stderr).build()).getUrl());
    }

    void portForward(Exchange x, Target target) throws CriException, InterruptedException, Refused {
        upgrade(x);
        PortForwardRequest.Builder request = PortForwardRequest.newBuilder().setPodSandboxId(containers.sandbox(target).getId());
        List<String> ports = Stream.of("port", "ports").flatMap(n -> x.query().getOrDefault(n, List.of()).stream())
                .flatMap(p -> Stream.of(p.split(","))).toList();
        if (ports.size() > MOST_PORTS) {
            throw Refused.badRequest("at most " + MOST_PORTS + " ports at once");
        }
        for (String port : ports) {
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
                throw Refused.badRequest("port \"" + port + "\" is no port");
            }
            request.addPort(Integer.parseInt(port));
        }
        join(x, runtime.portForward(request.build()).getUrl());
    }

    private static void upgrade(Exchange x) throws Refused {
        if (!x.upgrade()) {
            throw Refused.badRequest("Upgrade request required");
        }
    }

    private static void some(boolean stdin, boolean stdout, boolean stderr) throws Refused {
        if (!stdin && !stdout && !stderr) {
            throw Refused.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
    }

    /** By the kubelet's own name, or by the API's. */
    private static boolean flag(Exchange x, String... names) {
        return Stream.of(names).map(n -> x.parameter(n).orElse("")).anyMatch(v -> v.equals("1") || v.equals("true"));
    }

    private static void join(Exchange x, String url) throws Refused {
        URI to;
        try {
            to = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Refused(502, "InternalError", "the container runtime named no stream, but \"" + url + "\"");
        }
        if (to.getHost() == null || to.getPort() < 0) {
            throw new Refused(502, "InternalError", "the container runtime named no stream, but \"" + url + "\"");
        }
        x.touched();
        x.splice(new InetSocketAddress(to.getHost(), to.getPort()), to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()));
    }
}
