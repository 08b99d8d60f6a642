package io.manul.agent;

import io.manul.api.pki.Pki;
import io.manul.client.ApiServers;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that this node knows: those that the cluster advertises, and the one it was told to join. Kept on the disk, so that
 * a restart finds any that is up. Safe from any thread.
 */
final class KnownServers implements ApiServers {

    private static final Logger LOG = LoggerFactory.getLogger(KnownServers.class);

    private final URI first;
    private final NodeFiles files;
    private final NodePki pki;
    private volatile List<URI> all;
    private volatile Consumer<List<URI>> told = a -> { };

    KnownServers(URI first, NodeFiles files, NodePki pki) throws IOException {
        this.first = first;
        this.files = files;
        this.pki = pki;
        this.all = with(files.readServers());
    }

    private List<URI> with(List<URI> advertised) {
        Set<URI> set = new LinkedHashSet<>(advertised);
        set.add(first);
        return List.copyOf(set);
    }

    void listen(Consumer<List<URI>> listener) {
        told = listener;
        listener.accept(all);
    }

    /** The cluster's own list; an empty one is not believed. */
    void advertised(List<URI> now) {
        List<URI> next = with(now);
        if (now.isEmpty() || next.equals(all)) {
            return;
        }
        all = next;
        try {
            files.keepServers(next);
        } catch (IOException e) {
            LOG.warn("The servers' addresses cannot be kept; a restart knows the old ones why={}", e.getMessage());
        }
        LOG.info("Servers of the cluster servers={}", next);
        told.accept(next);
    }

    @Override
    public List<URI> all() {
        return all;
    }

    /** What has no certificate of its own here acts as the node's controller, which may read what node rooms need. */
    @Override
    public SSLContext identity(String user, List<String> groups) throws IOException {
        return tls(user.startsWith("system:node:") ? NodeFiles.KUBELET : user.equals("system:kube-proxy") ? NodeFiles.PROXY : NodeFiles.CONTROLLER);
    }

    SSLContext tls(String name) throws IOException {
        Pki.Identity i = pki.identity(name);
        return Tls.context(Pem.certificates(pki.serverCaPem()), i.key(), i.chain());
    }
}
