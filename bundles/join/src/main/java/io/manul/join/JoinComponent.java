package io.manul.join;

import io.manul.api.component.Component;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. Its handler needs nothing that {@link #begin} starts. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class JoinComponent implements Component {

    private final TokenFiles files;
    private final Handler handler;
    private final Cluster cluster;
    private volatile Housekeeping housekeeping;

    @Activate
    public JoinComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        this(clusters, settings, pki, InstantSource.system(), new SecureRandom());
    }

    JoinComponent(Clusters clusters, Settings settings, Pki pki, InstantSource clock, SecureRandom random) {
        cluster = clusters.controller("manul-join", "join");
        files = new TokenFiles(settings, pki, random);
        NodePasswords passwords = new NodePasswords(cluster, random);
        Credentials credentials = new Credentials(pki, files, new BootstrapTokens(cluster, clock), clock);
        handler = new JoinHandler(settings, pki, cluster, credentials, passwords, new TokenCommands(pki, files, cluster, clock, random));
    }

    @Override
    public String name() {
        return "join";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Handler.class, handler);
    }

    @Override
    public void begin(byte[] state) throws Exception {
        files.prepare();
        housekeeping = new Housekeeping(cluster, InstantSource.system()).start();
    }

    @Override
    public byte[] end() {
        Housekeeping last = housekeeping;
        housekeeping = null;
        if (last != null) {
            last.close();
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Housekeeping now = housekeeping;
        return now == null ? Health.IDLE : now.health();
    }
}
