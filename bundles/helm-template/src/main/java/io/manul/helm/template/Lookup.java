package io.manul.helm.template;

import java.util.Map;

/** Answers the template function {@code lookup}: an object, a list of them when the name is empty, or an empty map when there is none. */
@FunctionalInterface
public interface Lookup {

    /** A cluster that nobody asks, as {@code helm template} has it. */
    Lookup NONE = (apiVersion, kind, namespace, name) -> Map.of();

    /** @throws ChartException when the cluster could not be asked; the template fails with it */
    Map<String, Object> lookup(String apiVersion, String kind, String namespace, String name) throws ChartException;
}
