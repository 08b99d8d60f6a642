package io.manul.tunnel.internal;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.http.NodeSocket;
import io.manul.api.settings.Settings;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the server's end when this bundle starts. Never replaced live: what runs through the tunnels outlives every swap. */
@Component(immediate = true, service = {})
public final class TunnelRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelRegistration.class);

    private final Nodes nodes;

    @Activate
    public TunnelRegistration(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates) {
        nodes = settings.other("role").orElse("").equals("agent") ? null : open(settings);
        if (nodes != null) {
            gates.gate(Handler.class, NodeSocket.ROOM).flip(new NodesHandler(settings.runDir(), nodes), "tunnel");
        }
    }

    private static Nodes open(Settings settings) {
        try {
            return new Nodes(settings.runDir());
        } catch (IOException e) {
            LOG.error("Other nodes cannot be reached, their tunnels find no end here: {}", e.toString());
            return null;
        }
    }

    @Deactivate
    void stop() throws IOException {
        if (nodes != null) {
            nodes.close();
        }
    }
}
