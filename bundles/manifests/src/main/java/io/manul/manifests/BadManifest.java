package io.manul.manifests;

/** A file that cannot be applied until somebody changes it. @param reason the AddOn's event reason */
final class BadManifest extends Exception {
    private final String reason;

    BadManifest(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
