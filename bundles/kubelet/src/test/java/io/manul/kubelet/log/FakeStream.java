package io.manul.kubelet.log;

import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A stream that collects; supersedes its handler after some chunks when it is told to; idle waits do not wait. */
public final class FakeStream implements ResumableStream {

    /** What happens while the handler waits. */
    public interface Step {
        void run() throws Exception;
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String cursor;
    private int left = Integer.MAX_VALUE;
    private boolean ended;
    private Step idle = () -> { };

    /** @param cursor empty: from the start */
    public FakeStream(String cursor) {
        this.cursor = cursor;
    }

    public void supersedeAfter(int chunks) {
        left = chunks;
    }

    public void onIdle(Step step) {
        idle = step;
    }

    public String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public boolean ended() {
        return ended;
    }

    @Override
    public Optional<String> cursor() {
        return cursor.isEmpty() ? Optional.empty() : Optional.of(cursor);
    }

    @Override
    public void emit(byte[] chunk, String next) throws Superseded {
        if (left-- <= 0) {
            throw new Superseded();
        }
        out.writeBytes(chunk);
        cursor = next;
    }

    @Override
    public <T> T idle(Callable<T> wait) throws Exception {
        T result = wait.call();
        idle.run();
        return result;
    }

    @Override
    public void end() {
        ended = true;
    }
}
