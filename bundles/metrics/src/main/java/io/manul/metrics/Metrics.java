package io.manul.metrics;

import io.manul.api.component.Component;
import io.manul.api.http.Handler;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life: it only answers; nothing runs while nobody asks. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class Metrics implements Component {

    private final MetricsHandler handler;

    @Activate
    public Metrics(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        Cluster cluster = clusters.controller("metrics-server", "metrics");
        handler = new MetricsHandler(cluster, new Scraper(cluster, InstantSource.system(), Thread::sleep), InstantSource.system());
    }

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Handler.class, handler);
    }
}
