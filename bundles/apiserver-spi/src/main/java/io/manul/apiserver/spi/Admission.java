package io.manul.apiserver.spi;

/** One admission plug-in (Kubernetes, "Admission Controllers"). Order is the engine's list. Safe from any thread. */
public interface Admission {
    String name();

    /** Changes {@link Write#object} in place. Not called for DELETE. */
    default void mutate(Write write) throws ApiException {
    }

    /** Refuses by throwing. For DELETE the object is null and {@link Write#old} is what goes. */
    default void validate(Write write) throws ApiException {
    }
}
