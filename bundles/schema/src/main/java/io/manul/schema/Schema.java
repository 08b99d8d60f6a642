package io.manul.schema;

import io.manul.schema.internal.BuiltIn;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The kinds of one API, as data. Immutable; safe from any thread. */
public interface Schema {

    /** All group versions in discovery order (core first, a group's preferred version first), unserved ones as well. */
    List<GroupVersion> groupVersions();

    /** All served resources, in discovery order. */
    List<Resource> resources();

    /** The resources of one group version, served or not, by name. @param group empty for core */
    List<Resource> resources(String group, String version);

    /** A served resource. */
    Optional<Resource> resource(String group, String version, String plural);

    /** The served resource of a kind (not of lists, options or sub-resources: those are {@link #typeOf}). */
    Optional<Resource> kind(String group, String version, String kind);

    /** A type by its name. */
    Optional<Type> type(String name);

    /** The type of any kind: objects, lists, options, reviews. */
    Optional<Type> typeOf(GroupVersionKind kind);

    /** The names of all types, alphabetically. */
    Collection<String> typeNames();

    /** Texts, read from the bundle anew by each call and not kept: hold them only as long as a document is made. */
    Descriptions descriptions();

    /** Another text whenever the bundle brings other tables or texts: for entity tags. */
    String revision();

    /** What a Kubernetes v1.36 apiserver brings; read at the first call, one for the whole JVM. */
    static Schema builtIn() {
        return BuiltIn.get();
    }
}
