package io.manul.apiserver.kinds.core;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Secret (core/v1): stringData becomes data; types with keys they must have; 1 MiB at most. */
public final class SecretStrategy implements Strategy {

    private static final int MOST_BYTES = 1 << 20;
    private static final Cells CELLS = new Cells().text("Type", s -> s.text("type"))
            .number("Data", s -> (long) s.at("data").map().size()).age();

    @Override
    public void defaults(Obj secret) {
        if (secret.text("type").isEmpty()) {
            secret.put("type", "Opaque");
        }
        secret.object("stringData").ifPresent(strings -> {
            Obj data = secret.make("data");
            strings.map().forEach((k, v) -> data.put(k, Base64.getEncoder().encodeToString(String.valueOf(v).getBytes(StandardCharsets.UTF_8))));
            secret.remove("stringData");
        });
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public void validate(Obj secret, FieldErrors e) {
        long size = 0;
        for (Map.Entry<String, Object> entry : secret.at("data").map().entrySet()) {
            String at = "data[" + entry.getKey() + "]";
            Texts.configKey(entry.getKey(), at, e);
            try {
                size += Base64.getDecoder().decode(String.valueOf(entry.getValue())).length;
            } catch (IllegalArgumentException x) {
                e.invalid(at, "", "illegal base64 data");
            }
        }
        if (size > MOST_BYTES) {
            e.tooLong("data", MOST_BYTES);
        }
        type(secret, e);
    }

    private static void type(Obj secret, FieldErrors e) {
        Obj data = secret.at("data");
        switch (secret.text("type")) {
            case "kubernetes.io/service-account-token" -> {
                if (secret.annotations().getOrDefault("kubernetes.io/service-account.name", "").isEmpty()) {
                    e.required("metadata.annotations[kubernetes.io/service-account.name]", "");
                }
            }
            case "kubernetes.io/dockercfg" -> document(data, ".dockercfg", e);
            case "kubernetes.io/dockerconfigjson" -> document(data, ".dockerconfigjson", e);
            case "kubernetes.io/basic-auth" -> {
                if (!data.has("username") && !data.has("password")) {
                    e.required("data[username]", "");
                    e.required("data[password]", "");
                }
            }
            case "kubernetes.io/ssh-auth" -> need(data, "ssh-privatekey", e);
            case "kubernetes.io/tls" -> {
                need(data, "tls.crt", e);
                need(data, "tls.key", e);
            }
            default -> { }
        }
    }

    private static void need(Obj data, String key, FieldErrors e) {
        if (data.get(key) == null) {
            e.required("data[" + key + "]", "");
        }
    }

    private static void document(Obj data, String key, FieldErrors e) {
        if (!data.has(key)) {
            e.required("data[" + key + "]", "");
            return;
        }
        try {
            Json.parse(Base64.getDecoder().decode(data.text(key)));
        } catch (JsonException | IllegalArgumentException x) {
            e.invalid("data[" + key + "]", "<secret contents redacted>", "invalid character in JSON");
        }
    }

    @Override
    public void validateUpdate(Obj secret, Obj old, FieldErrors e) {
        if (!secret.text("type").equals(old.text("type"))) {
            e.immutable("type", secret.text("type"));
        }
        ConfigMapStrategy.immutable(secret, old, List.of("data"), e);
    }

    @Override
    public Map<String, String> selectable(Obj o) {
        return Map.of("type", o.text("type"));
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
