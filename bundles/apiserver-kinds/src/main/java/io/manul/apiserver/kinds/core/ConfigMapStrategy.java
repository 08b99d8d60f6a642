package io.manul.apiserver.kinds.core;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ConfigMap (core/v1): keys, 1 MiB in all, immutability when asked for. */
public final class ConfigMapStrategy implements Strategy {

    private static final int MOST_BYTES = 1 << 20;
    private static final Cells CELLS = new Cells()
            .number("Data", c -> (long) c.at("data").map().size() + c.at("binaryData").map().size()).age();

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public void validate(Obj map, FieldErrors e) {
        long size = 0;
        for (Map.Entry<String, Object> entry : map.at("data").map().entrySet()) {
            Texts.configKey(entry.getKey(), "data[" + entry.getKey() + "]", e);
            if (map.at("binaryData").map().containsKey(entry.getKey())) {
                e.invalid("data[" + entry.getKey() + "]", entry.getKey(), "duplicate of key present in binaryData");
            }
            size += String.valueOf(entry.getValue()).getBytes(StandardCharsets.UTF_8).length;
        }
        for (Map.Entry<String, Object> entry : map.at("binaryData").map().entrySet()) {
            Texts.configKey(entry.getKey(), "binaryData[" + entry.getKey() + "]", e);
            try {
                size += Base64.getDecoder().decode(String.valueOf(entry.getValue())).length;
            } catch (IllegalArgumentException x) {
                e.invalid("binaryData[" + entry.getKey() + "]", "", "illegal base64 data");
            }
        }
        if (size > MOST_BYTES) {
            e.tooLong("", MOST_BYTES);
        }
    }

    @Override
    public void validateUpdate(Obj map, Obj old, FieldErrors e) {
        immutable(map, old, List.of("data", "binaryData"), e);
    }

    static void immutable(Obj now, Obj old, List<String> fields, FieldErrors e) {
        if (old.flag("immutable")) {
            if (!now.flag("immutable")) {
                e.forbidden("immutable", "field is immutable when `immutable` is set");
            }
            for (String field : fields) {
                if (!now.at(field).equals(old.at(field))) {
                    e.forbidden(field, "field is immutable when `immutable` is set");
                }
            }
        }
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
