package io.manul.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki.Identity;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
