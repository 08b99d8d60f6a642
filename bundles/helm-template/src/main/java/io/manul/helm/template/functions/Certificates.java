package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.number;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Struct;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Certificates (RFC 5280) for charts that make their own: genCA, genSelfSignedCert, genSignedCert, buildCustomCert. */
final class Certificates {

    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LONG_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final RandomGenerator random;

    private Certificates(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** What Sprig calls {@code sprig.certificate}. */
    private record Value(String cert, String key) implements Struct {
        @Override
        public String type() {
            return "sprig.certificate";
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> f = new LinkedHashMap<>();
            f.put("Cert", cert);
            f.put("Key", key);
            return f;
        }
    }

    private record Subject(String name, Object ips, Object dns, long days, boolean authority) {
    }

    static void add(Table t, InstantSource clock, RandomGenerator random) {
        Certificates c = new Certificates(clock, random);
        t.add("genCA", "string,int", a -> c.own(new Subject(text(a, 0), null, null, number(a, 1), true), Keys.pair("RSA", 2048)));
        t.add("genCAWithKey", "string,int,string", a -> c.own(new Subject(text(a, 0), null, null, number(a, 1), true), key(text(a, 2))));
        t.add("genSelfSignedCert", "string,list,list,int", a -> c.own(subject(a), Keys.pair("RSA", 2048)));
        t.add("genSelfSignedCertWithKey", "string,list,list,int,string", a -> c.own(subject(a), key(text(a, 4))));
        t.add("genSignedCert", "string,list,list,int,sprig.certificate", a -> c.signed(subject(a), (Value) a[4], Keys.pair("RSA", 2048)));
        t.add("genSignedCertWithKey", "string,list,list,int,sprig.certificate,string", a -> c.signed(subject(a), (Value) a[4], key(text(a, 5))));
        t.add("buildCustomCert", "string,string", a -> custom(text(a, 0), text(a, 1)));
    }

    private static Subject subject(Object[] a) {
        return new Subject(text(a, 0), a[1], a[2], number(a, 3), false);
    }

    private static KeyPair key(String pem) {
        try {
            return Keys.parse(pem);
        } catch (GoError e) {
            throw new GoError("parsing private key: " + e.getMessage());
        }
    }

    private static Value custom(String cert64, String key64) {
        String cert = decoded(cert64, "certificate");
        String key = decoded(key64, "private key");
        Pem pem = Pem.decode(cert);
        if (pem == null) {
            throw new GoError("unable to decode certificate");
        }
        parse(pem);
        try {
            Keys.parse(key);
        } catch (GoError e) {
            throw new GoError("error parsing private key: " + e.getMessage());
        }
        return new Value(cert, key);
    }

    private static String decoded(String text, String what) {
        try {
            return io.manul.helm.template.go.Text.of(Base64.getDecoder().decode(text.replaceAll("[\r\n]", "")));
        } catch (IllegalArgumentException e) {
            throw new GoError("unable to decode base64 " + what);
        }
    }

    private static X509Certificate parse(Pem pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.data()));
        } catch (GeneralSecurityException e) {
            throw new GoError("error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
        }
    }

    private Value own(Subject s, KeyPair pair) {
        return make(s, pair, name(s.name), keyId(pair), pair);
    }

    private Value signed(Subject s, Value ca, KeyPair pair) {
        Pem pem = Pem.decode(ca.cert);
        if (pem == null) {
            throw new GoError("unable to decode certificate");
        }
        X509Certificate issuer = parse(pem);
        KeyPair signer;
        try {
            signer = Keys.parse(ca.key);
        } catch (GoError e) {
            throw new GoError("error parsing private key: " + e.getMessage());
        }
        return make(s, pair, issuer.getSubjectX500Principal().getEncoded(), keyId(signer), signer);
    }

    private static byte[] name(String cn) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(cn))));
    }

    private static byte[] keyId(KeyPair pair) {
        try {
            byte[] point = Der.content(Der.elements(pair.getPublic().getEncoded()).get(1));
            return MessageDigest.getInstance("SHA-1").digest(java.util.Arrays.copyOfRange(point, 1, point.length));
        } catch (GeneralSecurityException e) {
            throw new GoError("error creating certificate: " + e.getMessage());
        }
    }

    private static byte[] time(Instant i) {
        return i.atZone(ZoneOffset.UTC).getYear() < 2050 ? Der.tagged(0x17, UTC_TIME.format(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                : Der.tagged(0x18, LONG_TIME.format(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private Value make(Subject s, KeyPair pair, byte[] issuer, byte[] issuerKey, KeyPair signer) {
        try {
            boolean rsa = signer.getPrivate() instanceof RSAKey;
            String algorithm = rsa ? "SHA256withRSA" : signer.getPrivate() instanceof ECKey ? "SHA256withECDSA" : "Ed25519";
            byte[] id = rsa ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.none())
                    : Der.sequence(Der.oid(algorithm.equals("Ed25519") ? "1.3.101.112" : "1.2.840.10045.4.3.2"));
            Instant now = clock.instant();
            byte[] body = Der.sequence(Der.tagged(0xa0, Der.integer(2)), Der.integer(Keys.serial(random)), id, issuer,
                    Der.sequence(time(now), time(now.plusSeconds(86_400L * s.days))), name(s.name), pair.getPublic().getEncoded(),
                    Der.tagged(0xa3, Der.sequence(extensions(s, pair, issuerKey, signer != pair))));
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(signer.getPrivate());
            signature.update(body);
            byte[] cert = Der.sequence(body, id, Der.bits(signature.sign(), 0));
            return new Value(new Pem("CERTIFICATE", cert).encode(), Keys.pem(pair));
        } catch (GeneralSecurityException e) {
            throw new GoError("error creating certificate: " + e.getMessage());
        }
    }

    private static byte[][] extensions(Subject s, KeyPair pair, byte[] issuerKey, boolean other) {
        List<byte[]> e = new ArrayList<>();
        e.add(Der.sequence(Der.oid("2.5.29.15"), Der.truth(), Der.octets(Der.bits(new byte[] {(byte) (s.authority ? 0xa4 : 0xa0)},
                s.authority ? 2 : 5))));
        e.add(Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2")))));
        e.add(Der.sequence(Der.oid("2.5.29.19"), Der.truth(), Der.octets(s.authority ? Der.sequence(Der.truth()) : Der.sequence())));
        if (s.authority) {
            e.add(Der.sequence(Der.oid("2.5.29.14"), Der.octets(Der.octets(keyId(pair)))));
        }
        if (other) {
            e.add(Der.sequence(Der.oid("2.5.29.35"), Der.octets(Der.sequence(Der.tagged(0x80, issuerKey)))));
        }
        List<byte[]> names = names(s);
        if (!names.isEmpty()) {
            e.add(Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(names.toArray(byte[][]::new)))));
        }
        return e.toArray(byte[][]::new);
    }

    private static List<byte[]> names(Subject s) {
        List<byte[]> out = new ArrayList<>();
        for (Object o : s.dns instanceof List<?> l ? l : List.of()) {
            if (!(o instanceof String dns)) {
                throw new GoError("error processing alternate dns name: " + Fmt.v(o) + " is not a string");
            }
            out.add(Der.tagged(0x82, dns.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
        for (Object o : s.ips instanceof List<?> l ? l : List.of()) {
            if (!(o instanceof String ip)) {
                throw new GoError("error parsing ip: " + Fmt.v(o) + " is not a string");
            }
            if (!ip.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                throw new GoError("error parsing ip: " + ip);
            }
            try {
                out.add(Der.tagged(0x87, java.net.InetAddress.ofLiteral(ip).getAddress()));
            } catch (IllegalArgumentException e) {
                throw new GoError("error parsing ip: " + ip);
            }
        }
        return out;
    }
}
