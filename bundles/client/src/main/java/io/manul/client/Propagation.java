package io.manul.client;

/** {@code DeleteOptions.propagationPolicy}; DEFAULT leaves it to the API server. */
public enum Propagation { DEFAULT, BACKGROUND, FOREGROUND, ORPHAN }
