package io.manul.client;

import java.io.IOException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Words for a server that was not reached. */
public final class Unreached {

    private Unreached() {
    }

    /** A clock that is off looks like a wrong certificate. Of the time only the date is said, so that the words repeat. */
    public static String why(IOException e, Instant now) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException) {
                return "its certificate is not valid on this machine's date, " + LocalDate.ofInstant(now, ZoneOffset.UTC) + " (" + t.getMessage()
                        + "): set the clock, here or there";
            }
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
