package io.manul.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Words for a server that was not reached. */
public final class Unreached {

    private Unreached() {
    }

    /** A clock that is off looks like a wrong certificate, and the JDK has no words for most of the rest. Of the time only the date is said, so that the words repeat. */
    public static String why(IOException e, Instant now) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException) {
                return "its certificate is not valid on this machine's date, " + LocalDate.ofInstant(now, ZoneOffset.UTC) + " (" + t.getMessage()
                        + "): set the clock, here or there";
            }
            if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
                return "its name does not resolve";
            }
        }
        if (e instanceof ConnectException && e.getMessage() == null) {
            return "connection refused";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
