package io.manul.network.ingress;

import java.nio.file.Path;

/** HAProxy's files: below the run directory, which is memory and not flash (they hold keys); mode 0700. */
record Places(Path root) {

    Path config() {
        return root.resolve("haproxy.cfg");
    }

    Path pidFile() {
        return root.resolve("haproxy.pid");
    }

    Path log() {
        return root.resolve("haproxy.log");
    }

    Path admin() {
        return root.resolve("admin.sock");
    }

    Path exact() {
        return root.resolve("exact.map");
    }

    Path prefix() {
        return root.resolve("prefix.map");
    }

    Path slots() {
        return root.resolve("slots.map");
    }

    Path certificates() {
        return root.resolve("certs");
    }

    Path certificateList() {
        return root.resolve("certs.list");
    }

    Path defaultCertificate() {
        return certificates().resolve("default.pem");
    }
}
