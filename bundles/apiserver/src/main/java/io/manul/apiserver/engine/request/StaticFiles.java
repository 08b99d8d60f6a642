package io.manul.apiserver.engine.request;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The files of {@code DATA/server/static} at {@code /static/}, for everybody, as k3s serves them (K3S.md 1.6): charts of a machine without
 * the internet. Nothing outside of the folder, no lists of folders; in small pieces, which a new version goes on with.
 */
final class StaticFiles {

    static final String PREFIX = "/static/";
    private static final int CHUNK_BYTES = 64 << 10;

    private final Path folder;

    StaticFiles(Path folder) {
        this.folder = folder;
    }

    void answer(Exchange x) throws ApiException, Superseded, ClientGone, InterruptedException {
        Path file = find(x.path().substring(PREFIX.length()))
                .orElseThrow(() -> new ApiException(404, "NotFound", "the server could not find the requested resource", Obj.of()));
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            Map<String, String> headers = Map.of("content-type", type(file), "x-content-type-options", "nosniff");
            if (x.method().equals("HEAD")) {
                x.reply(200, headers, new byte[0]);
                return;
            }
            send(in, x.stream(200, headers));
        } catch (IOException e) {
            throw new ApiException(500, "InternalError", "the file cannot be read: " + e.getMessage(), Obj.of());
        }
    }

    /** A regular file that lies in the folder, links followed. */
    private Optional<Path> find(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0 || name.startsWith("/") || Arrays.asList(name.split("/", -1)).contains("..")) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            Path real = file.toRealPath();
            return real.startsWith(folder.toRealPath()) && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS) ? Optional.of(real) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it went meanwhile
        }
    }

    private static void send(RandomAccessFile in, ResumableStream out) throws IOException, Superseded, ClientGone, InterruptedException {
        in.seek(out.cursor().map(Long::parseLong).orElse(0L));
        byte[] buffer = new byte[CHUNK_BYTES];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            out.emit(Arrays.copyOf(buffer, n), Long.toString(in.getFilePointer()));
        }
        out.end();
    }

    private static String type(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".tgz") || name.endsWith(".gz") ? "application/gzip" : name.endsWith(".yaml") || name.endsWith(".yml") ? "application/yaml"
                : name.endsWith(".json") ? "application/json" : "application/octet-stream";
    }
}
