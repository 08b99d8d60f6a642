package io.manul.metrics;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Clusters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class Metrics implements Component {

    @Activate
    public Metrics(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
    }

    @Override
    public String name() {
        return "metrics";
    }
}
