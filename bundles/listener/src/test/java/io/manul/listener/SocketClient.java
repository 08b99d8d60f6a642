package io.manul.listener;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The JDK's WebSocket client; notes every whole message, a pong and the close. */
final class SocketClient implements WebSocket.Listener {

    /** Text messages as they are, "binary ...", "pong ...", "close CODE REASON", "error ...". */
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final WebSocket socket;
    private final StringBuilder text = new StringBuilder();
    private final boolean reads;

    /** @param reads asks for messages; else nothing is taken from the connection until the test does */
    SocketClient(Bench bench, String target, boolean reads, UnaryOperator<WebSocket.Builder> with) throws Exception {
        this.reads = reads;
        java.net.URI uri = java.net.URI.create(bench.uri(target).toString().replace("https", "wss"));
        socket = with.apply(bench.client(HttpClient.Version.HTTP_1_1).newWebSocketBuilder()).buildAsync(uri, this)
                .get(20, TimeUnit.SECONDS);
    }

    static SocketClient of(Bench bench, String target) throws Exception {
        return new SocketClient(bench, target, true, b -> b);
    }

    String next() throws InterruptedException {
        String next = seen.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    /** All messages up to the close. */
    List<String> all() throws InterruptedException {
        List<String> out = new ArrayList<>();
        for (String next = next(); !next.startsWith("close 1000"); next = next()) {
            if (next.startsWith("close") || next.startsWith("error") || next.equals("nothing")) {
                throw new AssertionError(next + " after " + out.size() + " messages");
            }
            out.add(next);
        }
        return out;
    }

    private void note(String what) {
        seen.add(what);
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reads) {
            opened.request(Long.MAX_VALUE);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket w, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            note(text.toString());
            text.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket w, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        note("binary " + new String(bytes));
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket w, ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        note("pong " + new String(bytes));
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket w, int code, String reason) {
        note("close " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket w, Throwable error) {
        note("error " + error);
    }
}
