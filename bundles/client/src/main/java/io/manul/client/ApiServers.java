package io.manul.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.osgi.annotation.versioning.ConsumerType;

/** Where a node finds the API, and who its rooms are there. Safe from any thread. */
@ConsumerType
public interface ApiServers {

    /** Known servers, in the order in which they are tried; never empty. */
    List<URI> all();

    /** A new TLS context with the certificate that this user has on this node now. @throws IOException it has none */
    SSLContext identity(String user, List<String> groups) throws IOException;
}
