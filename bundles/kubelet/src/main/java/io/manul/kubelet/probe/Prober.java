package io.manul.kubelet.probe;

import com.google.protobuf.ByteString;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.ExecSyncRequest;
import io.manul.cri.v1.ExecSyncResponse;
import io.manul.json.Obj;
import io.manul.kubelet.runtime.CriWords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;

/** Tries a probe, or a hook, once: exec, httpGet, tcpSocket (API reference, Probe, LifecycleHandler). Safe from any thread. */
public final class Prober {

    private static final int MOST_OUTPUT = 10 << 10;

    /** @param tried false: the runtime did not try it, which says nothing about the container @param message why it failed; empty when well */
    public record Result(boolean well, boolean tried, String message) {
        static final Result WELL = new Result(true, true, "");

        static Result failed(String message) {
            return new Result(false, true, message);
        }
    }

    private final ContainerRuntime runtime;

    public Prober(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /** @param id of the running container @param ip of the pod, where the action names no host */
    public Result attempt(Obj action, Obj container, String id, String ip, Duration timeout) throws InterruptedException {
        if (action.has("exec")) {
            return exec(action.at("exec"), id, timeout);
        }
        if (action.has("httpGet")) {
            return http(action.at("httpGet"), container, ip, timeout);
        }
        if (action.has("tcpSocket")) {
            return tcp(action.at("tcpSocket"), container, ip, timeout);
        }
        if (action.has("sleep")) {
            Thread.sleep(Duration.ofSeconds(action.number("sleep", "seconds").orElse(0)));
            return Result.WELL;
        }
        return Result.failed(action.has("grpc") ? "grpc probes are not supported by this kubelet yet; use exec, httpGet or tcpSocket"
                : "the handler names neither exec, httpGet, tcpSocket nor sleep");
    }

    private Result exec(Obj exec, String id, Duration timeout) throws InterruptedException {
        try {
            ExecSyncResponse answer = runtime.execSync(ExecSyncRequest.newBuilder().setContainerId(id)
                    .addAllCmd(exec.strings("command")).setTimeout(Math.max(1, timeout.toSeconds())).build());
            return answer.getExitCode() == 0 ? Result.WELL : Result.failed(text(answer.getStdout().concat(answer.getStderr()),
                    "command exited with " + answer.getExitCode()));
        } catch (CriException e) {
            return e.code() == CriException.Code.DEADLINE_EXCEEDED
                    ? Result.failed("command timed out: \"" + String.join(" ", exec.strings("command")) + "\" timed out after " + timeout.toSeconds() + "s")
                    : new Result(false, false, CriWords.rpc(e));
        }
    }

    private static String text(ByteString output, String without) {
        String text = output.substring(0, Math.min(MOST_OUTPUT, output.size())).toString(StandardCharsets.UTF_8);
        return text.isBlank() ? without : text;
    }

    private static Result http(Obj get, Obj container, String ip, Duration timeout) {
        OptionalInt port = port(get, container);
        if (port.isEmpty()) {
            return Result.failed("couldn't find port: " + get.get("port"));
        }
        String host = get.string("host").filter(h -> !h.isEmpty()).orElse(ip);
        String scheme = get.string("scheme").orElse("HTTP");
        try {
            HttpGet.Answer answer = HttpGet.get(scheme, host, port.getAsInt(), get.text("path"), get.objects("httpHeaders"), timeout);
            return answer.status() >= 200 && answer.status() < 400 ? Result.WELL
                    : Result.failed("HTTP probe failed with statuscode: " + answer.status());
        } catch (IOException e) {
            return Result.failed("Get \"" + scheme.toLowerCase(java.util.Locale.ROOT) + "://" + (host.contains(":") ? "[" + host + "]" : host)
                    + ":" + port.getAsInt() + get.text("path") + "\": " + e.getMessage());
        }
    }

    private static Result tcp(Obj tcp, Obj container, String ip, Duration timeout) {
        OptionalInt port = port(tcp, container);
        if (port.isEmpty()) {
            return Result.failed("couldn't find port: " + tcp.get("port"));
        }
        String host = tcp.string("host").filter(h -> !h.isEmpty()).orElse(ip);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port.getAsInt()), (int) timeout.toMillis());
            return Result.WELL;
        } catch (IOException e) {
            return Result.failed("dial tcp " + host + ":" + port.getAsInt() + ": " + e.getMessage());
        }
    }

    /** A number, or the name of one of the container's ports. */
    static OptionalInt port(Obj action, Obj container) {
        Object port = action.get("port");
        if (port instanceof Number n) {
            return OptionalInt.of(n.intValue());
        }
        if (port instanceof String s) {
            if (s.matches("[0-9]{1,5}")) {
                return OptionalInt.of(Integer.parseInt(s));
            }
            return container.objects("ports").stream().filter(p -> p.text("name").equals(s))
                    .mapToInt(p -> (int) p.number("containerPort").orElse(0)).filter(p -> p > 0).findFirst();
        }
        return OptionalInt.empty();
    }
}
