package io.manul.pki;

import io.manul.api.pki.Pki.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates under their names: read and checked once, then kept in memory until the next check is due; renewed
 * when they are asked for and near their end. A key that lies there is never overwritten: a certificate that is missing beside
 * it (the power went between the two files) is made for it. Every method is guarded by the monitor of this object.
 */
final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(120);
    /** After a renewal that could not be written. */
    private static final Duration RETRY = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Issuer issuer;
    private final Map<Path, Ca> authorities = new HashMap<>();
    private final Map<Path, Leaf> leaves = new HashMap<>();
    private final Map<Path, KeyPair> serviceKeys = new HashMap<>();

    /** @param check when to look again; @param from the clock must not fall behind it; @param stored false when only memory has it */
    private record Leaf(Identity identity, Ca ca, Issuer.Subject subject, Instant from, Instant check, boolean stored) {

        boolean stands(Ca by, Issuer.Subject wanted, Instant now) {
            return ca == by && subject.equals(wanted) && !now.isBefore(from) && now.isBefore(check);
        }
    }

    Store(InstantSource clock, Issuer issuer) {
        this.clock = clock;
        this.issuer = issuer;
    }

    InstantSource clock() {
        return clock;
    }

    /** @param base path without {@code .crt} and {@code .key} */
    synchronized Ca authority(Path base, String commonName) {
        return authorities.computeIfAbsent(base, b -> {
            Path crt = suffix(b, ".crt");
            Path key = suffix(b, ".key");
            return Files.exists(crt) ? found(crt, key) : made(crt, key, commonName);
        });
    }

    private Ca found(Path crt, Path key) {
        List<X509Certificate> bundle = PemFiles.certificates(crt);
        PrivateKey privateKey = PemFiles.privateKey(key);
        Keys.match(privateKey, bundle.getFirst(), key, crt);
        Ca.check(bundle, crt);
        X509Certificate ca = bundle.getFirst();
        if (clock.instant().isAfter(ca.getNotAfter().toInstant()) || clock.instant().isBefore(ca.getNotBefore().toInstant())) {
            LOG.error("CA is not valid now, nobody trusts what it signs; is the clock right? file={} from={} until={}", crt,
                    ca.getNotBefore().toInstant(), ca.getNotAfter().toInstant());
        }
        return Ca.of(privateKey, bundle);
    }

    private Ca made(Path crt, Path key, String commonName) {
        KeyPair pair = key(key);
        X509Certificate c = issuer.authority(commonName + "@" + clock.instant().getEpochSecond(), pair.getPrivate(), pair.getPublic(),
                clock.instant(), CA_LIFE);
        PemFiles.write(crt, List.of(c));
        return Ca.of(pair.getPrivate(), List.of(c));
    }

    /** The key that lies there, or a new one. */
    private KeyPair key(Path file) {
        if (Files.exists(file)) {
            PrivateKey there = PemFiles.privateKey(file);
            LOG.warn("Certificate was missing beside its key and is made anew key={}", file);
            return new KeyPair(Keys.publicKey(there, file), there);
        }
        KeyPair made = issuer.ecKey();
        PemFiles.write(file, made.getPrivate());
        return made;
    }

    synchronized Identity leaf(Path base, Ca ca, Issuer.Subject subject) {
        Instant now = clock.instant();
        Leaf known = leaves.get(base);
        if (known != null && known.stands(ca, subject, now)) {
            return known.identity;
        }
        Leaf next = checked(base, ca, subject, now, known);
        leaves.put(base, next);
        return next.identity;
    }

    private Leaf checked(Path base, Ca ca, Issuer.Subject subject, Instant now, Leaf known) {
        Path crt = suffix(base, ".crt");
        Path key = suffix(base, ".key");
        Identity there = known == null ? null : known.identity;
        boolean stored = known == null || known.stored;
        if (there == null && Files.exists(crt) && Files.exists(key)) {
            there = new Identity(PemFiles.privateKey(key), PemFiles.certificates(crt));
            Keys.match(there.key(), there.chain().getFirst(), key, crt);
        }
        if (there == null) {
            KeyPair pair = key(key);
            Identity made = signed(ca, subject, pair.getPrivate(), pair.getPublic(), now);
            PemFiles.write(crt, made.chain());
            return leaf(made, ca, subject);
        }
        return stored && Wanted.fits(there.chain(), ca, subject) && timely(there, now) ? leaf(there, ca, subject)
                : renewed(there, stored, crt, ca, subject, now);
    }

    private static Leaf leaf(Identity i, Ca ca, Issuer.Subject subject) {
        X509Certificate c = i.chain().getFirst();
        return new Leaf(i, ca, subject, c.getNotBefore().toInstant(), c.getNotAfter().toInstant().minus(RENEW_BEFORE), true);
    }

    private static boolean timely(Identity i, Instant now) {
        X509Certificate c = i.chain().getFirst();
        return !now.isBefore(c.getNotBefore().toInstant()) && now.isBefore(c.getNotAfter().toInstant().minus(RENEW_BEFORE));
    }

    /** With the same key. What cannot be written is not used while the old one still serves. */
    private Leaf renewed(Identity old, boolean stored, Path crt, Ca ca, Issuer.Subject subject, Instant now) {
        X509Certificate was = old.chain().getFirst();
        Identity next = signed(ca, subject, old.key(), was.getPublicKey(), now);
        try {
            PemFiles.write(crt, next.chain());
            LOG.info("Certificate renewed file={} until={}", crt, next.chain().getFirst().getNotAfter().toInstant());
            return leaf(next, ca, subject);
        } catch (PkiException e) {
            boolean serves = !now.isBefore(was.getNotBefore().toInstant()) && now.isBefore(was.getNotAfter().toInstant());
            LOG.error("Certificate cannot be renewed on disk, next try in {} s: {} file={} until={} kept={}", RETRY.toSeconds(), e.getMessage(), crt,
                    was.getNotAfter().toInstant(), serves);
            return new Leaf(serves ? old : next, ca, subject, now, now.plus(RETRY), serves && stored);
        }
    }

    private Identity signed(Ca ca, Issuer.Subject subject, PrivateKey key, PublicKey of, Instant now) {
        List<X509Certificate> chain = new ArrayList<>(List.of(issuer.leaf(ca, subject, of, now, LEAF_LIFE)));
        chain.addAll(ca.path());
        return new Identity(key, chain);
    }

    /** For a key that is somebody else's; not kept. */
    List<X509Certificate> signed(Ca ca, Issuer.Subject subject, PublicKey key) {
        List<X509Certificate> chain = new ArrayList<>(List.of(issuer.leaf(ca, subject, key, clock.instant(), LEAF_LIFE)));
        chain.addAll(ca.path());
        return chain;
    }

    /** The RSA key that signs service-account tokens. */
    synchronized KeyPair serviceKey(Path file) {
        return serviceKeys.computeIfAbsent(file, f -> {
            if (!Files.exists(f)) {
                KeyPair made = issuer.rsaKey();
                PemFiles.write(f, made.getPrivate());
                return made;
            }
            PrivateKey key = PemFiles.privateKey(f);
            if (!(key instanceof RSAPrivateCrtKey)) {
                throw new PkiException(f + " is not an RSA key; restore it from a backup");
            }
            return new KeyPair(Keys.publicKey(key, f), key);
        });
    }

    private static Path suffix(Path base, String suffix) {
        return base.resolveSibling(base.getFileName() + suffix);
    }
}
