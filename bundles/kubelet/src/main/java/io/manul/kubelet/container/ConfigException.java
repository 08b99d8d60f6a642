package io.manul.kubelet.container;

/** A container cannot be made as its pod asks for now: reason CreateContainerConfigError. Tried again. */
public final class ConfigException extends Exception {
    public ConfigException(String message) {
        super(message);
    }
}
