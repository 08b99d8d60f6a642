package io.manul.client;

import io.manul.json.Obj;
import org.osgi.annotation.versioning.ProviderType;

/** Records Kubernetes Events; never blocks the caller for long, drops (and logs once) when the API is away. */
@ProviderType
public interface Events extends AutoCloseable {
    /** type Normal. @param about the object it concerns (needs apiVersion, kind, metadata) */
    void normal(Obj about, String reason, String message);

    /** type Warning. */
    void warning(Obj about, String reason, String message);

    @Override
    void close();
}
