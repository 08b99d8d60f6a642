package io.manul.apiserver.engine.request;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.manul.api.http.Exchange;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Sends whole answers: JSON, YAML, indented, compressed, with warnings. */
public final class Replies {

    /** From this size on answers are compressed for who takes it (upstream: 128 KiB). */
    private static final int GZIP_FROM_BYTES = 128 << 10;
    private static final int WARNINGS_LIMIT_CHARS = 4096;

    private Replies() {
    }

    public static void json(Call call, int status, byte[] json) {
        json(call.exchange(), call.accept(), status, json, call.warnings());
    }

    public static void json(Exchange x, Accept accept, int status, byte[] json, List<String> warnings) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!warnings.isEmpty()) {
            headers.put("warning", warnings(warnings));
        }
        headers.put("cache-control", "no-cache, private");
        if (accept.yaml()) {
            body(x, accept, status, "application/yaml", Yaml.of(json), headers);
        } else {
            body(x, accept, status, "application/json", accept.pretty() ? indented(json) : json, headers);
        }
    }

    public static void text(Exchange x, int status, String text) {
        x.reply(status, Map.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff",
                "cache-control", "no-cache, private"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static void body(Exchange x, Accept accept, int status, String type, byte[] body, Map<String, String> headers) {
        headers.put("content-type", type);
        byte[] out = body;
        if (accept.gzip() && body.length >= GZIP_FROM_BYTES) {
            headers.put("content-encoding", "gzip");
            headers.put("vary", "Accept-Encoding");
            out = gzip(body);
        }
        x.reply(status, headers, x.method().equals("HEAD") ? new byte[0] : out);
    }

    /** A refusal as its Status. */
    public static void failure(Exchange x, ApiException e, List<String> warnings) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("cache-control", "no-cache, private");
        e.status().object("details").flatMap(d -> d.number("retryAfterSeconds").stream().boxed().findFirst())
                .ifPresent(s -> headers.put("retry-after", Long.toString(s)));
        if (!warnings.isEmpty()) {
            headers.put("warning", warnings(warnings));
        }
        x.reply(e.code(), headers, e.status().bytes());
    }

    /** RFC 7234 5.5 with code 299, each message once, at most 4 KiB in all (as upstream). */
    private static String warnings(List<String> all) {
        StringBuilder out = new StringBuilder();
        for (String message : new LinkedHashSet<>(all)) {
            String one = "299 - \"" + message.replaceAll("[\\r\\n]+", " ").replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            if (out.length() + one.length() > WARNINGS_LIMIT_CHARS) {
                break;
            }
            out.append(out.isEmpty() ? "" : ", ").append(one);
        }
        return out.toString();
    }

    private static byte[] indented(byte[] json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length * 2);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator g = Json.factory().createGenerator(out)) {
            g.setPrettyPrinter(printer);
            Json.write(g, Json.parse(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 6);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 16 << 10)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
