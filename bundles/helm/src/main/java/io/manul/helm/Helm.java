package io.manul.helm;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.helm.chart.TemplateEngine;
import io.manul.helm.source.Sources;
import io.manul.helm.template.Renderer;
import io.manul.json.Obj;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life: a few charts are worked on at a time; what is under way is broken off at the end, and done again by the next. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class Helm implements Component {

    /** Most of them wait for a hook's Job; they are rendered one after the other. */
    private static final int AT_A_TIME = 8;

    private final Cluster cluster;
    private final Settings settings;

    // while acting; written by the updater's thread only
    private Events events;
    private volatile Controller controller;

    @Activate
    public Helm(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        // a chart may hold anything, and who may write a HelmChart may install anything, as with k3s
        this.cluster = clusters.as("system:serviceaccount:kube-system:helm-controller",
                List.of("system:masters", "system:serviceaccounts", "system:serviceaccounts:kube-system"), "helm");
        this.settings = settings;
    }

    @Override
    public String name() {
        return "helm";
    }

    @Override
    public void begin(byte[] state) {
        Informer charts = cluster.informer(ChartReconciler.CHARTS, Selection.ALL);
        Informer configs = cluster.informer(ChartReconciler.CONFIGS, Selection.ALL);
        Informer secrets = cluster.informer(Resources.SECRETS, Selection.ALL.fields("type!=helm.sh/release.v1")).metadataOnly();
        events = cluster.events("helm-controller");
        ChartReconciler reconciler = new ChartReconciler(cluster, charts, configs, new TemplateEngine(new Renderer(InstantSource.system(), new SecureRandom(),
                Renderer.Bounds.DEFAULT)), new Sources(settings.dataDir().resolve("server/static")), events, InstantSource.system());
        Controller c = new Controller("helmchart", reconciler, List.of(charts, configs, secrets));
        charts.listen(change -> c.queue().add(Key.of(change.object())));
        configs.listen(change -> c.queue().add(Key.of(change.object())));
        secrets.listen(change -> charts.list(change.object().namespace()).stream()
                .filter(chart -> names(chart, change.object().name()) || configs.get(Key.of(chart)).filter(f -> names(f, change.object().name())).isPresent())
                .forEach(chart -> c.queue().add(Key.of(chart))));
        controller = c.start(AT_A_TIME);
    }

    /** Whether its values come from that secret, and its changes matter. */
    private static boolean names(Obj chart, String secret) {
        return chart.objects("spec", "valuesSecrets").stream().anyMatch(s -> s.text("name").equals(secret) && !s.flag("ignoreUpdates"));
    }

    @Override
    public byte[] end() {
        Controller c = controller;
        if (c != null) {
            c.close();
            events.close();
            controller = null;
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        Controller c = controller;
        return c == null || c.idle();
    }

    @Override
    public Health health() {
        Controller c = controller;
        return c == null ? Health.IDLE : c.health();
    }
}
