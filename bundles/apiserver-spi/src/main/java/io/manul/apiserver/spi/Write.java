package io.manul.apiserver.spi;

import io.manul.api.settings.Settings;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One write on its way in: what strategies and admission see besides the object.
 *
 * @param old         the stored object before; null on create
 * @param subresource empty for the object itself
 * @param options     CreateOptions, UpdateOptions, PatchOptions or DeleteOptions as given; never null
 * @param warnings    messages for {@code Warning} headers; add to it
 */
public record Write(Operation operation, Resource resource, String subresource, String namespace, String name, Obj object,
        Obj old, Obj options, User user, boolean dryRun, Reader reader, Settings settings, Instant now,
        RandomGenerator random, List<String> warnings) {
}
