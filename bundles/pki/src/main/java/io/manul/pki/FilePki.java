package io.manul.pki;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The cluster's keys under DATA/server/tls, the node's under DATA/agent: k3s's file names. */
final class FilePki implements Pki {

    private final Settings settings;
    private final Store store;
    private final Path tls;
    private final Path agent;

    FilePki(Settings settings, Store store) {
        this.settings = settings;
        this.store = store;
        this.tls = settings.dataDir().resolve("server/tls");
        this.agent = settings.dataDir().resolve("agent");
    }

    private Issuer.Authority server() {
        return store.authority(tls.resolve("server-ca"), "manul-server-ca");
    }

    private Issuer.Authority clients() {
        return store.authority(tls.resolve("client-ca"), "manul-client-ca");
    }

    @Override
    public String serverCaPem() {
        try {
            return PemFiles.pem(server().certificate());
        } catch (CertificateException e) {
            throw new PkiException("the server CA cannot be encoded: " + e.getMessage());
        }
    }

    @Override
    public X509Certificate serverCa() {
        return server().certificate();
    }

    @Override
    public X509Certificate clientCa() {
        return clients().certificate();
    }

    @Override
    public Identity apiserver() {
        String domain = settings.clusterDomain();
        List<String> names = new ArrayList<>(List.of("kubernetes", "kubernetes.default", "kubernetes.default.svc",
                "kubernetes.default.svc." + domain, "localhost", settings.nodeName()));
        List<String> ips = new ArrayList<>(List.of("127.0.0.1", "::1", settings.nodeIp(), first(settings.serviceCidr())));
        if (!settings.bindAddress().equals("0.0.0.0") && !settings.bindAddress().equals("::")) {
            ips.add(settings.bindAddress());
        }
        for (String san : settings.tlsSans()) {
            (numeric(san) ? ips : names).add(san);
        }
        return store.leaf(tls.resolve("serving-kube-apiserver"), server(),
                new Issuer.Subject("kube-apiserver", List.of(), names, addresses(ips), true));
    }

    private static boolean numeric(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    private static String first(String cidr) {
        String base = cidr.split("/")[0];
        int dot = base.lastIndexOf('.');
        return base.substring(0, dot + 1) + (Integer.parseInt(base.substring(dot + 1)) + 1);
    }

    private static List<InetAddress> addresses(List<String> ips) {
        Set<InetAddress> all = new LinkedHashSet<>();
        for (String ip : ips) {
            try {
                all.add(InetAddress.getByName(ip));
            } catch (UnknownHostException e) {
                throw new PkiException(ip + " is not an IP address; look at --tls-san, --node-ip and --bind-address");
            }
        }
        return List.copyOf(all);
    }

    @Override
    public Identity kubeletServing() {
        return store.leaf(agent.resolve("serving-kubelet"), server(), new Issuer.Subject("system:node:" + settings.nodeName(),
                List.of("system:nodes"), List.of(settings.nodeName(), "localhost"), addresses(List.of("127.0.0.1", settings.nodeIp())), true));
    }

    @Override
    public Identity nodeClient() {
        return store.leaf(agent.resolve("client-kubelet"), clients(),
                new Issuer.Subject("system:node:" + settings.nodeName(), List.of("system:nodes"), List.of(), List.of(), false));
    }

    @Override
    public Identity client(String name, String commonName, List<String> organizations) {
        return store.leaf(tls.resolve("client-" + plain(name)), clients(),
                new Issuer.Subject(commonName, organizations, List.of(), List.of(), false));
    }

    @Override
    public Identity serving(String name, String commonName, List<String> dnsNames, List<InetAddress> addresses) {
        return store.leaf(tls.resolve("serving-" + plain(name)), server(),
                new Issuer.Subject(commonName, List.of(), dnsNames, addresses, true));
    }

    private static String plain(String name) {
        if (!name.matches("[a-z0-9][-a-z0-9.]{0,60}") || name.contains("..")) {
            throw new IllegalArgumentException("not a file name: " + name);
        }
        return name;
    }

    @Override
    public KeyPair serviceAccountKey() {
        return store.serviceKey(tls.resolve("service.key"));
    }

    @Override
    public String adminKubeconfig(String serverUrl) {
        Identity admin = client("admin", "system:admin", List.of("system:masters"));
        try {
            StringBuilder chain = new StringBuilder();
            for (X509Certificate c : admin.chain()) {
                chain.append(PemFiles.pem(c));
            }
            return """
                    apiVersion: v1
                    clusters:
                    - cluster:
                        certificate-authority-data: %s
                        server: %s
                      name: default
                    contexts:
                    - context:
                        cluster: default
                        user: default
                      name: default
                    current-context: default
                    kind: Config
                    preferences: {}
                    users:
                    - name: default
                      user:
                        client-certificate-data: %s
                        client-key-data: %s
                    """.formatted(base64(serverCaPem()), serverUrl, base64(chain.toString()), base64(PemFiles.sec1(admin.key(), admin.chain().getFirst().getPublicKey())));
        } catch (CertificateException e) {
            throw new PkiException("the admin's certificate cannot be encoded: " + e.getMessage());
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
