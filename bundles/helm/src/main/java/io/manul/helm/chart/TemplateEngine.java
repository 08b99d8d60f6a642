package io.manul.helm.chart;

import io.manul.helm.HelmException;
import io.manul.helm.template.ChartException;
import io.manul.helm.template.Charts;
import io.manul.helm.template.Renderer;
import io.manul.helm.template.Release;
import io.manul.json.Obj;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The room's own renderer, helm-template. */
public final class TemplateEngine implements Engine {

    private final Renderer renderer;
    /** One at a time: a rendering takes a lot of memory. */
    private final Semaphore turn = new Semaphore(1, true);

    public TemplateEngine(Renderer renderer) {
        this.renderer = renderer;
    }

    @Override
    public Chart load(byte[] archive) throws HelmException {
        try {
            io.manul.helm.template.Chart chart = Charts.read(new ByteArrayInputStream(archive));
            return new Chart(chart.name(), chart.version(), chart.appVersion(), chart.json(),
                    chart.crds().stream().map(f -> new String(f.data(), StandardCharsets.UTF_8)).toList(), chart);
        } catch (ChartException e) {
            throw new HelmException("the chart cannot be loaded: " + e.getMessage());
        } catch (IOException e) {
            throw new HelmException("the chart's archive cannot be read: " + e.getMessage());
        }
    }

    @Override
    public Rendered render(Chart chart, Obj values, Facts facts, Capabilities capabilities, Lookup lookup) throws HelmException {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HelmException("interrupted", true);
        }
        try {
            io.manul.helm.template.Rendered r = renderer.render((io.manul.helm.template.Chart) chart.loaded(), values,
                    new Release(facts.name(), facts.namespace(), facts.revision(), !facts.upgrade(), facts.upgrade()),
                    new io.manul.helm.template.Capabilities(capabilities.version(), capabilities.apis()), (apiVersion, kind, namespace, name) -> {
                        try {
                            return lookup.find(apiVersion, kind, namespace, name).map();
                        } catch (HelmException e) {
                            throw new ChartException(e.getMessage());
                        }
                    });
            List<Rendered.Hook> hooks = r.hooks().stream().map(h -> new Rendered.Hook(h.name(), h.kind(), h.path(), h.manifest(), h.events(), h.weight(),
                    h.deletePolicies())).toList();
            return new Rendered(r.manifest(), hooks, r.notes());
        } catch (ChartException e) {
            throw new HelmException(e.getMessage());
        } finally {
            turn.release();
        }
    }
}
