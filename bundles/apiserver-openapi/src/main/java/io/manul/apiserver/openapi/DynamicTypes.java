package io.manul.apiserver.openapi;

import io.manul.schema.Resource;
import java.util.List;
import java.util.Map;

/** What is served beside the built-in kinds: the established versions of CustomResourceDefinitions. */
public interface DynamicTypes {

    /**
     * @param resource as discovery shows it; its {@code type} is not used
     * @param schema the version's {@code openAPIV3Schema} as a JSON tree; empty where it has none
     */
    record CustomKind(Resource resource, Map<String, Object> schema) {
    }

    /** In any order; the documents sort groups by name and versions by the Kubernetes order of versions. */
    List<CustomKind> kinds();

    /** Another text whenever {@link #kinds} says something else; documents are made anew then. */
    String revision();

    /** Nothing beside the built-in kinds. */
    static DynamicTypes none() {
        return new DynamicTypes() {
            @Override
            public List<CustomKind> kinds() {
                return List.of();
            }

            @Override
            public String revision() {
                return "";
            }
        };
    }
}
