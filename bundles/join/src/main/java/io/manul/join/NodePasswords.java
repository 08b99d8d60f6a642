package io.manul.join;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Whose a node's name is: the first machine that joins under it leaves a hash of its password in the Secret
 * {@code NAME.node-password.manul} of kube-system, and no other may take it until the Node is deleted (K3S.md 1.7).
 */
final class NodePasswords {

    static final String SUFFIX = ".node-password.manul";
    private static final String NAMESPACE = "kube-system";
    private static final int ROUNDS = 10_000;
    private static final int BITS = 256;
    private static final int SALT = 16;

    private final Cluster cluster;
    private final SecureRandom random;

    NodePasswords(Cluster cluster, SecureRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Takes the name for this password, or checks that it is its. */
    void ensure(String node, String password) throws Refused, ClusterException, InterruptedException {
        Optional<Obj> known = cluster.get(Resources.SECRETS, NAMESPACE, node + SUFFIX);
        if (known.isEmpty()) {
            try {
                cluster.create(Resources.SECRETS, NAMESPACE, Obj.of("apiVersion", "v1", "kind", "Secret",
                        "metadata", Obj.of("name", node + SUFFIX, "namespace", NAMESPACE), "type", "Opaque", "immutable", true,
                        "data", Obj.of("hash", Base64.getEncoder().encodeToString(hash(password).getBytes(StandardCharsets.US_ASCII)))));
                return;
            } catch (ClusterException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
                known = cluster.get(Resources.SECRETS, NAMESPACE, node + SUFFIX); // two machines at once
            }
        }
        if (known.isEmpty() || !matches(known.get(), password)) {
            throw Refused.forbidden("Node password rejected, duplicate hostname or contents of '/etc/manul/node/password' may not match server"
                    + " node-passwd entry, try enabling a unique node name with the --with-node-id flag. If it is the same machine installed anew:"
                    + " kubectl delete node " + node);
        }
    }

    /** True when this is the password of that name. */
    boolean knows(String node, String password) throws ClusterException, InterruptedException {
        return cluster.get(Resources.SECRETS, NAMESPACE, node + SUFFIX).filter(s -> matches(s, password)).isPresent();
    }

    private String hash(String password) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return "pbkdf2:" + ROUNDS + ":" + Base64.getEncoder().encodeToString(salt) + ":" + Base64.getEncoder().encodeToString(derive(password, salt, ROUNDS));
    }

    private static boolean matches(Obj secret, String password) {
        String[] parts = BootstrapTokens.data(secret, "hash").split(":");
        return parts.length == 4 && parts[0].equals("pbkdf2") && parts[1].matches("[0-9]{1,6}") && MessageDigest.isEqual(
                Base64.getDecoder().decode(parts[3]), derive(password, Base64.getDecoder().decode(parts[2]), Math.max(1, Integer.parseInt(parts[1]))));
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, BITS)).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no PBKDF2 in this JDK", e);
        }
    }
}
