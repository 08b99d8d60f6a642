package io.manul.helm.template;

/** What {@code .Release} says. */
public record Release(String name, String namespace, int revision, boolean isInstall, boolean isUpgrade) {
}
