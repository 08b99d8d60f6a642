package io.manul.apiserver.engine.kind;

import io.manul.apiserver.engine.validation.BuiltInModel;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Strategies;
import io.manul.apiserver.spi.Strategy;
import io.manul.schema.Resource;
import io.manul.schema.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds what a request names among the built-in kinds and, behind them, the custom ones. Safe from any thread. */
public final class Catalog {

    /** Custom resources by name; replaced as CustomResourceDefinitions change. */
    public interface Custom {
        Optional<Served> find(String group, String version, String plural) throws ApiException;
    }

    /**
     * Kinds that would change how this server itself behaves, which it does not do yet: to store them would pretend.
     * docs/deviations.md lists them.
     */
    private static final Map<String, String> REFUSED = Map.of(
            "admissionregistration.k8s.io", "admission webhooks and admission policies are not evaluated by this server yet",
            "apiregistration.k8s.io", "API aggregation is not part of this server yet",
            "flowcontrol.apiserver.k8s.io", "API priority and fairness is not part of this server yet: requests in flight are "
                    + "limited as a whole");

    private final Schema schema;
    private final Strategies strategies;
    private final Custom custom;
    private final Map<String, Served> builtIn = new ConcurrentHashMap<>();

    public Catalog(Schema schema, Strategies strategies, Custom custom) {
        this.schema = schema;
        this.strategies = strategies;
        this.custom = custom;
    }

    public Schema schema() {
        return schema;
    }

    public Optional<Served> find(String group, String version, String plural) throws ApiException {
        String id = group + "/" + version + "/" + plural;
        Served known = builtIn.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Resource> resource = schema.resource(group, version, plural);
        if (resource.isEmpty() || resource.get().type().isEmpty()) {
            return custom.find(group, version, plural);
        }
        return Optional.of(builtIn.computeIfAbsent(id, k -> make(resource.get())));
    }

    private Served make(Resource resource) {
        Strategy own = strategies.of(resource.group(), resource.plural());
        Model model = model(resource);
        String refusal = REFUSED.getOrDefault(resource.group(), "");
        Resource stored = stored(resource);
        if (stored.apiVersion().equals(resource.apiVersion())) {
            Form same = Form.same(resource.apiVersion());
            return new Served(resource, own, model, same, resource.group(), new Served.Storage(resource, own, model), refusal);
        }
        Served.Storage storage = new Served.Storage(stored, strategies.of(stored.group(), stored.plural()), model(stored));
        Form form = resource.plural().equals("events") ? new EventForm() : new AutoscalerForm();
        return new Served(resource, own, model, form, stored.group(), storage, refusal);
    }

    /** The version that a resource is stored in: its own, but for the two kinds that are served in two. */
    private Resource stored(Resource resource) {
        if (resource.plural().equals("events")) {
            return schema.resource("", "v1", "events").orElse(resource);
        }
        if (resource.plural().equals("horizontalpodautoscalers")) {
            return schema.resource("autoscaling", "v2", "horizontalpodautoscalers").orElse(resource);
        }
        return resource;
    }

    private Model model(Resource resource) {
        return new BuiltInModel(schema, schema.type(resource.type()).orElseThrow());
    }
}
