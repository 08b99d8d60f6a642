package io.manul.api.gate;

import org.osgi.annotation.versioning.ProviderType;

/** All gates of this framework, by service type and room name. Implemented by the updater; never replaced. */
@ProviderType
public interface Gates {
    /** The gate before {@code room}'s service of that type; made (closed) at the first call, the same one ever after. */
    <S> Gate<S> gate(Class<S> type, String room);
}
