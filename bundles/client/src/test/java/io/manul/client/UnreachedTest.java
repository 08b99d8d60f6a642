package io.manul.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class UnreachedTest {

    private static final Instant NOW = Instant.parse("1970-01-01T00:00:09.5Z");

    @Test
    void whatTheJdkLeavesUnsaidIsSaid() {
        IOException unresolved = new ConnectException();
        unresolved.initCause(new UnresolvedAddressException());
        assertEquals("its name does not resolve", Unreached.why(unresolved, NOW));
        assertEquals("connection refused", Unreached.why(new ConnectException(), NOW));
    }

    @Test
    void aClockThatIsOffIsCalledThat() {
        IOException e = new SSLHandshakeException("(bad_certificate) PKIX path validation failed");
        e.initCause(new CertPathValidatorException("validity check failed", new CertificateNotYetValidException("NotBefore: Tue Nov 24 2026")));
        assertEquals("its certificate is not valid on this machine's date, 1970-01-01 (NotBefore: Tue Nov 24 2026): set the clock, here or there",
                Unreached.why(e, NOW));
        assertEquals("Connection refused", Unreached.why(new IOException("Connection refused"), NOW));
    }
}
