package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/**
 * The schema of a served version with its texts, read from the store whenever it is looked at: it is large (half a MiB is
 * common), and only the making of a document needs it. Empty when the definition is gone.
 */
final class StoredSchema extends AbstractMap<String, Object> {

    private final Reader reader;
    private final String crd;
    private final String version;

    StoredSchema(Reader reader, String crd, String version) {
        this.reader = reader;
        this.crd = crd;
        this.version = version;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        try {
            return reader.get(Definition.GROUP, Definition.PLURAL, "", crd).flatMap(c -> new Definition(c).version(version))
                    .map(v -> v.at("schema", "openAPIV3Schema").map()).orElse(Map.of()).entrySet();
        } catch (ApiException e) {
            throw new IllegalStateException("the schema of " + crd + " could not be read: " + e.getMessage(), e);
        }
    }
}
