package io.manul.heartbeat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;

/** Topics: {@code kn/v1/CLUSTER/n/NODE/...} upwards, {@code kn/v1/CLUSTER/state/...} downwards. */
record Names(String cluster) {

    static final String HEARTBEAT = "hb";
    static final String BIRTH = "birth";
    /** The Will, and an intended stop. */
    static final String DEATH = "death";

    /** The cluster's name: the first 32 bits of SHA-256 over its server CA's public key, as the broker computes it. */
    static Names of(X509Certificate serverCa) {
        return new Names(HexFormat.of().formatHex(hash(serverCa.getPublicKey().getEncoded()), 0, 4));
    }

    static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String root() {
        return "kn/v1/" + cluster + "/";
    }

    String of(String node, String what) {
        return root() + "n/" + node + "/" + what;
    }

    String allNodes() {
        return root() + "n/+/#";
    }

    /** Whether the server's half listens; retained. */
    String state() {
        return root() + "state/heartbeat";
    }

    /** A topic of a node. */
    record OfNode(String node, String what) {
    }

    Optional<OfNode> node(String topic) {
        String prefix = root() + "n/";
        int slash = topic.indexOf('/', prefix.length());
        return topic.startsWith(prefix) && slash > prefix.length()
                ? Optional.of(new OfNode(topic.substring(prefix.length(), slash), topic.substring(slash + 1))) : Optional.empty();
    }
}
