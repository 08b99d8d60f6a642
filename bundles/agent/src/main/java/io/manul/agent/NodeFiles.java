package io.manul.agent;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What joining leaves under DATA/agent, by k3s's file names, and this node's password. */
public final class NodeFiles {

    static final String KUBELET = "client-kubelet";
    static final String SERVING = "serving-kubelet";
    static final String PROXY = "client-kube-proxy";
    static final String CONTROLLER = "client-k3s-controller";
    static final List<String> IDENTITIES = List.of(KUBELET, SERVING, PROXY, CONTROLLER);
    private static final Path USUAL = Path.of("/var/lib/manul");

    private final Path agent;
    private final Path password;

    public NodeFiles(Path dataDir) {
        agent = dataDir.resolve("agent");
        password = (dataDir.equals(USUAL) ? Path.of("/etc/manul/node") : dataDir.resolve("node")).resolve("password");
    }

    Path crt(String name) {
        return agent.resolve(name + ".crt");
    }

    private Path keyFile(String name) {
        return agent.resolve(name + ".key");
    }

    private Path config() {
        return agent.resolve("etc/config.json");
    }

    private Path servers() {
        return agent.resolve("etc/servers.json");
    }

    /** True when this node can start without a server. */
    boolean complete() {
        return IDENTITIES.stream().allMatch(n -> Files.exists(crt(n)) && Files.exists(keyFile(n))) && Files.exists(crt("server-ca"))
                && Files.exists(crt("client-ca")) && Files.exists(config());
    }

    String text(String name) throws IOException {
        return Files.readString(crt(name));
    }

    PrivateKey key(String name) throws IOException {
        try {
            return Pem.key(Files.readString(keyFile(name)));
        } catch (IOException e) {
            throw new IOException(keyFile(name) + ": " + e.getMessage(), e);
        }
    }

    /** A new key pair, not yet this identity's: it is once {@link #keep} has its certificate. */
    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(new ECGenParameterSpec("secp256r1"));
        return g.generateKeyPair();
    }

    /** Certificate after key: what lies between a power cut is a certificate that is not of its key, and is asked for anew. */
    void keep(String name, PrivateKey key, String chain) throws IOException {
        Pem.write(keyFile(name), Pem.text("PRIVATE KEY", key.getEncoded()));
        Pem.write(crt(name), chain);
    }

    void keepCa(String name, String pem) throws IOException {
        Pem.write(crt(name), pem);
    }

    /** True when both files belong to each other. */
    boolean matches(String name) throws IOException {
        PublicKey of = Pem.certificates(text(name)).getFirst().getPublicKey();
        try {
            java.security.Signature s = java.security.Signature.getInstance("SHA256withECDSA");
            s.initSign(key(name));
            byte[] signed = s.sign();
            s.initVerify(of);
            return s.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // another kind of key
        }
    }

    /** The server's settings, as last seen. */
    Optional<Obj> readConfig() throws IOException {
        return read(config());
    }

    void keepConfig(Obj config) throws IOException {
        if (!readConfig().filter(config::equals).isPresent()) {
            Pem.write(config(), config.bytes());
        }
    }

    List<URI> readServers() throws IOException {
        return read(servers()).map(o -> o.strings("servers").stream().map(URI::create).toList()).orElse(List.of());
    }

    void keepServers(List<URI> all) throws IOException {
        if (!all.equals(readServers())) {
            Pem.write(servers(), Obj.of("servers", all.stream().map(URI::toString).toList()).bytes());
        }
    }

    private static Optional<Obj> read(Path file) throws IOException {
        try {
            return Files.exists(file) ? Optional.of(Obj.parse(Files.readAllBytes(file))) : Optional.empty();
        } catch (JsonException e) {
            throw new IOException(file + " is not JSON: " + e.getMessage() + "; remove it, the server has it again", e);
        }
    }

    /** Made at the first call; proves to the servers that this is the machine that took the node's name. */
    String password() throws IOException {
        if (!Files.exists(password)) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Pem.write(password, HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(password).strip();
    }

    /** The id that {@code --with-node-id} appends; made at the first call, kept beside the password. */
    public String nodeId() throws IOException {
        Path id = password.resolveSibling("id");
        if (!Files.exists(id)) {
            byte[] random = new byte[4];
            new SecureRandom().nextBytes(random);
            Pem.write(id, HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(id).strip();
    }
}
