package io.manul.listener;

import io.manul.api.pki.Pki.Identity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Asks for the serving identity at every handshake, so that a renewed certificate is served without a restart. An alias
 * names one identity for good: key and chain of one handshake belong together even when a renewal comes between.
 */
final class LiveIdentity extends X509ExtendedKeyManager {

    /** Handshakes in progress use the newest identity or one just before it. */
    private static final int KEPT = 4;

    private final Supplier<Identity> source;
    private final Map<String, Identity> byAlias = new LinkedHashMap<>();
    private Identity newest;
    private int count;

    LiveIdentity(Supplier<Identity> source) {
        this.source = source;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Identity now = source.get();
        return keyType.equals(now.key().getAlgorithm()) ? alias(now) : null;
    }

    private synchronized String alias(Identity now) {
        if (newest == null || !newest.chain().equals(now.chain())) {
            newest = now;
            byAlias.put("identity-" + ++count, now);
            if (byAlias.size() > KEPT) {
                byAlias.remove(byAlias.keySet().iterator().next());
            }
        }
        return "identity-" + count;
    }

    @Override
    public synchronized X509Certificate[] getCertificateChain(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public synchronized PrivateKey getPrivateKey(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
