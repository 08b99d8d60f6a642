package io.manul.listener;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes any client certificate: TLS has proved that the client holds its key, whose it is the apiserver decides
 * ({@code Peer.Remote.chain} is documented as not verified).
 */
final class AnyClient extends X509ExtendedTrustManager {

    private static final X509Certificate[] NO_HINT = {};

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        // see the class comment
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        // see the class comment
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        // see the class comment
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw new UnsupportedOperationException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_HINT;
    }
}
