package io.manul.pki;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The cluster's keys under DATA/server/tls, the node's under DATA/agent: k3s's file names. */
final class FilePki implements Pki {

    private final Settings settings;
    private final Store store;
    private final Path tls;
    private final Path agent;
    private final Kubeconfig kubeconfig;

    FilePki(Settings settings, Store store) {
        this.settings = settings;
        this.store = store;
        this.tls = settings.dataDir().resolve("server/tls");
        this.agent = settings.dataDir().resolve("agent");
        this.kubeconfig = new Kubeconfig(settings, store.clock());
    }

    /** Makes or reads every CA and key now, so that what is damaged stops the start, and writes the kubeconfig. */
    FilePki prepare() {
        store.authority(tls.resolve("request-header-ca"), "manul-request-header-ca");
        serviceAccountKey();
        kubeconfig.write(serverCaPem(), admin());
        return this;
    }

    private Identity admin() {
        return client("admin", "system:admin", List.of("system:masters"));
    }

    private Ca server() {
        return store.authority(tls.resolve("server-ca"), "manul-server-ca");
    }

    private Ca clients() {
        return store.authority(tls.resolve("client-ca"), "manul-client-ca");
    }

    @Override
    public String serverCaPem() {
        return PemFiles.pem(server().bundle());
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
        kubeconfig.follow(this::serverCaPem, admin());
        String domain = settings.clusterDomain();
        List<String> names = new ArrayList<>(List.of("kubernetes", "kubernetes.default", "kubernetes.default.svc",
                "kubernetes.default.svc." + domain, "localhost", settings.nodeName()));
        Set<InetAddress> addresses = new LinkedHashSet<>(List.of(Addresses.address("127.0.0.1"), Addresses.address("::1")));
        each(settings.other("node-ip").orElse(settings.nodeIp()), ip -> addresses.add(Addresses.address(ip)));
        each(settings.serviceCidr(), cidr -> addresses.add(Addresses.first(cidr)));
        if (!Addresses.any(settings.bindAddress())) {
            addresses.add(Addresses.address(settings.bindAddress()));
        }
        for (String san : settings.tlsSans()) {
            Addresses.literal(san).ifPresentOrElse(addresses::add, () -> names.add(san));
        }
        return store.leaf(tls.resolve("serving-kube-apiserver"), server(),
                new Issuer.Subject("kube-apiserver", List.of(), names, List.copyOf(addresses), true));
    }

    /** One or, of both families, two with a comma. */
    private static void each(String list, Consumer<String> action) {
        for (String one : list.split(",")) {
            action.accept(one.strip());
        }
    }

    @Override
    public Identity kubeletServing() {
        Set<InetAddress> addresses = new LinkedHashSet<>(List.of(Addresses.address("127.0.0.1")));
        each(settings.other("node-ip").orElse(settings.nodeIp()), ip -> addresses.add(Addresses.address(ip)));
        return store.leaf(agent.resolve("serving-kubelet"), server(), new Issuer.Subject("system:node:" + settings.nodeName(),
                List.of("system:nodes"), List.of(settings.nodeName(), "localhost"), List.copyOf(addresses), true));
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

    @Override
    public List<X509Certificate> sign(String request, Leaf leaf) {
        return store.signed(leaf.server() ? server() : clients(), new Issuer.Subject(leaf.commonName(), leaf.organizations(), leaf.dnsNames(),
                leaf.addresses(), leaf.server()), CertificateRequest.key(request));
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
        return Kubeconfig.text(serverCaPem(), serverUrl, admin());
    }
}
