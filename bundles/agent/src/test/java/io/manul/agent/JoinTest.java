package io.manul.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class JoinTest {

    private static final Instant NOW = Instant.parse("1970-01-01T00:00:09.5Z");

    @Test
    void aClockThatIsOffIsCalledThat() {
        IOException e = new SSLHandshakeException("(bad_certificate) PKIX path validation failed");
        e.initCause(new CertPathValidatorException("validity check failed", new CertificateNotYetValidException("NotBefore: Tue Nov 24 2026")));
        assertEquals("its certificate is not valid at this machine's time, 1970-01-01T00:00:09Z (NotBefore: Tue Nov 24 2026): set the clock, here or there",
                Join.why(e, NOW));
        assertEquals("Connection refused", Join.why(new IOException("Connection refused"), NOW));
    }
}
