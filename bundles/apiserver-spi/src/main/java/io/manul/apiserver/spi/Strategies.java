package io.manul.apiserver.spi;

/** All strategies by resource. */
public interface Strategies {
    /** The strategy of a resource; one without rules of its own where the kind has none. */
    Strategy of(String group, String resource);
}
