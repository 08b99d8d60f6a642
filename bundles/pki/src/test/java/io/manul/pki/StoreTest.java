package io.manul.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki.Identity;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {

    @TempDir
    Path folder;
    private Instant now = Instant.parse("2026-11-24T00:00:00Z");

    private Store store() {
        return new Store(() -> now, new Issuer(new SecureRandom()));
    }

    private Identity serving(Store s, String... names) throws Exception {
        return s.leaf(folder.resolve("serving"), s.authority(folder.resolve("ca"), "ca"),
                new Issuer.Subject("server", List.of(), List.of(names), List.of(InetAddress.getByName("::1")), true));
    }

    @Test
    void whatWasMadeIsKept() throws Exception {
        Identity first = serving(store(), "a.example");
        Identity second = serving(store(), "a.example");
        assertEquals(first.chain(), second.chain());
        assertArrayEquals(first.key().getEncoded(), second.key().getEncoded());
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("serving.key"))));
        first.chain().getFirst().verify(first.chain().get(1).getPublicKey());
    }

    @Test
    void aCertificateNearItsEndIsRenewedWithTheSameKey() throws Exception {
        Store store = store();
        Identity first = serving(store, "a.example");
        now = now.plus(Duration.ofDays(244));
        assertEquals(first.chain(), serving(store, "a.example").chain());
        now = now.plus(Duration.ofDays(2));
        Identity renewed = serving(store, "a.example");
        assertNotEquals(first.chain().getFirst(), renewed.chain().getFirst());
        assertEquals(first.chain().getFirst().getPublicKey(), renewed.chain().getFirst().getPublicKey());
    }

    @Test
    void aNewNameIsTakenIn() throws Exception {
        serving(store(), "a.example");
        assertTrue(serving(store(), "a.example", "b.example").chain().getFirst().getSubjectAlternativeNames().stream()
                .anyMatch(n -> n.get(1).equals("b.example")));
    }

    @Test
    void aDamagedFileIsNamedAndNotOverwritten() throws Exception {
        serving(store(), "a.example");
        for (String file : List.of("serving.crt", "serving.key", "ca.key")) {
            byte[] good = Files.readAllBytes(folder.resolve(file));
            Files.writeString(folder.resolve(file), "-----BEGIN rubbish");
            PkiException e = assertThrows(PkiException.class, () -> serving(store(), "a.example"));
            assertTrue(e.getMessage().contains(file), e.getMessage());
            assertEquals("-----BEGIN rubbish", Files.readString(folder.resolve(file)));
            Files.write(folder.resolve(file), good);
        }
        serving(store(), "a.example");
    }

    @Test
    void aKeyOfAnotherPairIsRefused() throws Exception {
        serving(store(), "a.example");
        PemFiles.write(folder.resolve("serving.key"), new Issuer(new SecureRandom()).ecKey().getPrivate());
        assertTrue(assertThrows(PkiException.class, () -> serving(store(), "a.example")).getMessage().contains("is not the key of"));
    }

    @Test
    void theServiceKeySigns() throws Exception {
        Path file = folder.resolve("service.key");
        var pair = store().serviceKey(file);
        assertEquals(pair.getPublic(), store().serviceKey(file).getPublic());
        assertFalse(Files.readString(file).isEmpty());
    }

    private static Issuer.Subject subject(String cn, boolean server, List<String> o, String... names) {
        return new Issuer.Subject(cn, o, List.of(names), List.of(), server);
    }

    @Test
    void whatWasCheckedIsNotReadAgain() throws Exception {
        Store store = store();
        Path serviceKey = folder.resolve("service.key");
        Identity first = serving(store, "a.example");
        var pair = store.serviceKey(serviceKey);
        for (String file : List.of("serving.crt", "serving.key", "ca.crt", "ca.key", "service.key")) {
            Files.delete(folder.resolve(file));
        }
        assertSame(first, serving(store, "a.example"));
        assertSame(pair, store.serviceKey(serviceKey));
    }

    /** Whatever is not exactly as it is wanted now is made anew, with the same key. */
    @Test
    void aCertificateSaysWhatIsWantedAndNoMore() throws Exception {
        Issuer.Subject was = subject("x", false, List.of("g", "h"), "a", "b");
        Ca ca = store().authority(folder.resolve("ca"), "ca");
        Identity first = store().leaf(folder.resolve("l"), ca, was);
        assertEquals(first.chain(), store().leaf(folder.resolve("l"), ca, subject("x", false, List.of("g", "h"), "b", "a")).chain());
        for (Issuer.Subject other : List.of(subject("X", false, List.of("g", "h"), "a", "b"), subject("x", false, List.of("g"), "a", "b"),
                subject("x", false, List.of("G", "h"), "a", "b"), subject("x", false, List.of("g", "h"), "a"),
                subject("x", false, List.of("g", "h"), "a", "b", "c"), subject("x", true, List.of("g", "h"), "a", "b"),
                subject("xx", false, List.of("g", "h"), "a", "b"))) {
            X509Certificate next = store().leaf(folder.resolve("l"), ca, other).chain().getFirst();
            assertNotEquals(first.chain().getFirst(), next, other.toString());
            assertEquals(first.chain().getFirst().getPublicKey(), next.getPublicKey());
            first = store().leaf(folder.resolve("l"), ca, was);
        }
        Identity moved = store().leaf(folder.resolve("l"), store().authority(folder.resolve("ca2"), "ca"), was);
        moved.chain().getFirst().verify(moved.chain().get(1).getPublicKey());
        assertNotEquals(ca.certificate(), moved.chain().get(1));
    }

    @Test
    void aCertificateOfTheFutureIsMadeAnew() throws Exception {
        Store store = store();
        Identity first = serving(store, "a.example");
        now = now.minus(Duration.ofDays(900));
        assertNotEquals(first.chain().getFirst(), serving(store, "a.example").chain().getFirst());
    }

    /** The power goes between the key and the certificate. */
    @Test
    void aKeyWithoutItsCertificateGetsOne() throws Exception {
        Identity first = serving(store(), "a.example");
        for (String file : List.of("ca.crt", "serving.crt")) {
            Files.delete(folder.resolve(file));
        }
        byte[] caKey = Files.readAllBytes(folder.resolve("ca.key"));
        byte[] key = Files.readAllBytes(folder.resolve("serving.key"));
        Identity next = serving(store(), "a.example");
        assertEquals(first.chain().getFirst().getPublicKey(), next.chain().getFirst().getPublicKey());
        assertEquals(first.chain().get(1).getPublicKey(), next.chain().get(1).getPublicKey());
        next.chain().getFirst().verify(next.chain().get(1).getPublicKey());
        assertArrayEquals(caKey, Files.readAllBytes(folder.resolve("ca.key")));
        assertArrayEquals(key, Files.readAllBytes(folder.resolve("serving.key")));
    }

    @Test
    void anRsaKeyOfACaToo() throws Exception {
        PemFiles.write(folder.resolve("ca.key"), new Issuer(new SecureRandom()).rsaKey().getPrivate());
        Identity made = serving(store(), "a.example");
        assertEquals("RSA", made.chain().get(1).getPublicKey().getAlgorithm());
        made.chain().getFirst().verify(made.chain().get(1).getPublicKey());
    }

    @Test
    void aCaWithoutItsKeyIsRefusedAndALeafWithoutItsKeyMadeAnew() throws Exception {
        Identity first = serving(store(), "a.example");
        Files.delete(folder.resolve("serving.key"));
        assertNotEquals(first.chain().getFirst().getPublicKey(), serving(store(), "a.example").chain().getFirst().getPublicKey());
        Files.delete(folder.resolve("ca.key"));
        assertTrue(assertThrows(PkiException.class, () -> serving(store(), "a.example")).getMessage().contains("ca.key"));
        assertFalse(Files.exists(folder.resolve("ca.key")));
    }

    @Test
    void aRenewalThatCannotBeWrittenKeepsWhatServes() throws Exception {
        Store store = store();
        Identity first = serving(store, "a.example");
        Path blocked = Files.createDirectories(folder.resolve("serving.crt.new/full"));
        now = now.plus(Duration.ofDays(300));
        assertSame(first, serving(store, "a.example"));
        now = now.plus(Duration.ofMinutes(11));
        assertSame(first, serving(store, "a.example"));
        now = now.plus(Duration.ofDays(70)); // the old one has ended: the new one serves from memory
        X509Certificate unwritten = serving(store, "a.example").chain().getFirst();
        unwritten.checkValidity(java.util.Date.from(now));
        assertEquals(first.chain(), PemFiles.certificates(folder.resolve("serving.crt")));
        Files.delete(blocked);
        Files.delete(folder.resolve("serving.crt.new"));
        assertSame(unwritten, serving(store, "a.example").chain().getFirst());
        now = now.plus(Duration.ofMinutes(11));
        serving(store, "a.example");
        Files.delete(folder.resolve("serving.key"));
        assertEquals(serving(store, "a.example").chain(), PemFiles.certificates(folder.resolve("serving.crt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQE=\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
        "-----BEGIN PRIVATE KEY-----\nMBMCAQAwDAYIKoZIzj0DAQcFAAQA\n-----END PRIVATE KEY-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMIIB"})
    void rubbishIsNamed(String text) throws Exception {
        Path file = folder.resolve("some.key");
        Files.writeString(file, text);
        assertTrue(assertThrows(PkiException.class, () -> PemFiles.privateKey(file)).getMessage().startsWith(file.toString()));
        assertTrue(assertThrows(PkiException.class, () -> PemFiles.certificates(file)).getMessage().startsWith(file.toString()));
    }

    @Test
    void aHugeFileIsNotRead() throws Exception {
        Path file = folder.resolve("some.key");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertTrue(assertThrows(PkiException.class, () -> PemFiles.certificates(file)).getMessage().contains("larger than"));
    }
}
