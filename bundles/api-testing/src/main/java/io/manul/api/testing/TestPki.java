package io.manul.api.testing;

import io.manul.api.pki.Pki;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A cluster's keys, made anew for a test; for one node. */
public final class TestPki implements Pki {

    private record Authority(KeyPair keys, X509Certificate certificate) {
    }

    private final Authority servers = authority("server-ca");
    private final Authority clients = authority("client-ca");
    private final Map<String, Identity> kept = new HashMap<>();
    private final String node;
    private KeyPair accounts;

    public TestPki(String node) {
        this.node = node;
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
            g.initialize(bits);
            return g.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Authority authority(String name) {
        try {
            KeyPair keys = keys("EC", 256);
            return new Authority(keys, sign(null, keys, keys, "CN=" + name, List.of(), List.of()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(Authority ca, KeyPair signer, KeyPair subject, String name, List<String> dns, List<InetAddress> ips)
            throws Exception {
        X500Principal of = new X500Principal(name);
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder b = new JcaX509v3CertificateBuilder(ca == null ? of : ca.certificate.getSubjectX500Principal(),
                BigInteger.valueOf(System.nanoTime()), Date.from(now.minusSeconds(3600)), Date.from(now.plusSeconds(86_400)), of, subject.getPublic());
        b.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca == null));
        if (ca != null) {
            b.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
        }
        List<GeneralName> names = new ArrayList<>();
        dns.forEach(d -> names.add(new GeneralName(GeneralName.dNSName, d)));
        ips.forEach(i -> names.add(new GeneralName(GeneralName.iPAddress, i.getHostAddress())));
        if (!names.isEmpty()) {
            b.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return new JcaX509CertificateConverter().getCertificate(b.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private synchronized Identity leaf(String key, Authority ca, String name, List<String> dns, List<InetAddress> ips) {
        return kept.computeIfAbsent(key, k -> {
            try {
                KeyPair keys = keys("EC", 256);
                return new Identity(keys.getPrivate(), List.of(sign(ca, ca.keys, keys, name, dns, ips), ca.certificate));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    public Identity node(String name) {
        return client("node-" + name, "system:node:" + name, List.of("system:nodes"));
    }

    public Identity server() {
        return client("mqtt-heartbeat", "system:manul:heartbeat", List.of("system:manul"));
    }

    /** Writes NAME.crt and NAME.key. */
    public static void write(Path folder, String name, Identity id) throws Exception {
        Files.writeString(folder.resolve(name + ".crt"), pem("CERTIFICATE", id.chain().getFirst().getEncoded()));
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", id.key().getEncoded()));
    }

    public static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    @Override
    public String serverCaPem() {
        try {
            return pem("CERTIFICATE", servers.certificate.getEncoded());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public X509Certificate serverCa() {
        return servers.certificate;
    }

    @Override
    public X509Certificate clientCa() {
        return clients.certificate;
    }

    @Override
    public Identity apiserver() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity kubeletServing() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity nodeClient() {
        return node(node);
    }

    @Override
    public Identity client(String name, String commonName, List<String> organizations) {
        StringBuilder dn = new StringBuilder("CN=" + commonName);
        organizations.forEach(o -> dn.append(",O=").append(o));
        return leaf(name, clients, dn.toString(), List.of(), List.of());
    }

    @Override
    public Identity serving(String name, String commonName, List<String> dnsNames, List<InetAddress> addresses) {
        return leaf(name, servers, "CN=" + commonName, dnsNames, addresses);
    }

    @Override
    public synchronized KeyPair serviceAccountKey() {
        if (accounts == null) {
            accounts = keys("RSA", 2048);
        }
        return accounts;
    }

    @Override
    public List<X509Certificate> sign(String request, Leaf leaf) {
        try {
            byte[] der = java.util.Base64.getMimeDecoder().decode(request.replaceAll("-----[^-]*-----", ""));
            org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest asked = new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest(der);
            if (!asked.isSignatureValid(new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder().build(asked.getPublicKey()))) {
                throw new IllegalArgumentException("the certificate request is not signed by its own key");
            }
            Authority ca = leaf.server() ? servers : clients;
            StringBuilder name = new StringBuilder("CN=").append(leaf.commonName());
            leaf.organizations().forEach(o -> name.append(",O=").append(o));
            return List.of(sign(ca, ca.keys, new KeyPair(asked.getPublicKey(), null), name.toString(), leaf.dnsNames(), leaf.addresses()));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException("the certificate request cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String adminKubeconfig(String serverUrl) {
        throw new UnsupportedOperationException();
    }

}
