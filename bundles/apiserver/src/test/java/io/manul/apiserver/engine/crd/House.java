package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.Catalog;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.store.EventEncoder;
import io.manul.apiserver.engine.store.Leases;
import io.manul.apiserver.engine.store.StoreReader;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.kinds.KindStrategies;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.datastore.testing.MemoryDatastore;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The engine without its front door: decoded objects in, stored ones out. */
final class House implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MemoryDatastore datastore = new MemoryDatastore();
    final StoreReader reader = new StoreReader(datastore);
    final CustomKinds kinds = new CustomKinds(reader, Schema.builtIn());
    final Catalog catalog;
    private final Writes writes;

    House() {
        KindStrategies builtIn = new KindStrategies();
        CrdStrategy definitions = new CrdStrategy();
        this.catalog = new Catalog(Schema.builtIn(), (group, resource) -> group.equals("apiextensions.k8s.io") ? definitions
                : builtIn.of(group, resource), kinds);
        this.writes = Writes.of(new Core(datastore, reader, catalog, List.of(), null, () -> NOW, new Random(1), new EventEncoder(),
                new Leases(datastore, () -> NOW)));
    }

    Served served(String apiVersion, String plural) throws ApiException {
        int slash = apiVersion.indexOf('/');
        return catalog.find(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), plural).orElseThrow();
    }

    Obj define(Obj crd) throws ApiException {
        return create("customresourcedefinitions", crd);
    }

    Obj create(String plural, Obj object) throws ApiException {
        Served served = served(object.apiVersion(), plural);
        return shown(served, writes.creator().create(target(served, object, ""), decoded(served, object.copy())));
    }

    Obj update(String plural, Obj object, String sub) throws ApiException {
        Served served = served(object.apiVersion(), plural);
        return shown(served, writes.changer().change(target(served, object, sub), current -> served.form().show(decoded(served, object.copy()))));
    }

    void delete(String apiVersion, String plural, String namespace, String name) throws ApiException {
        Obj object = Obj.of("metadata", Obj.of("namespace", namespace, "name", name));
        writes.deleter().delete(target(served(apiVersion, plural), object, ""));
    }

    private static Obj decoded(Served served, Obj object) throws ApiException {
        List<String> wrong = served.model().decode(object).wrong();
        if (!wrong.isEmpty()) {
            throw ApiException.badRequest(String.join(", ", wrong));
        }
        return served.form().store(object);
    }

    private static Target target(Served served, Obj object, String sub) {
        return new Target(served, served.resource().namespaced() ? object.namespace() : "", object.name(), sub, new User("a", List.of()),
                false, Obj.of(), new ArrayList<>());
    }

    private static Obj shown(Served served, Stored stored) {
        return served.form().show(Encoding.parse(stored.value(), stored.revision()));
    }

    @Override
    public void close() {
        datastore.close();
    }

    /** A definition with one version v1. @param schema of the spec field */
    static Obj crontabs(String specSchema) {
        return Obj.parse("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"crontabs.stable.example.com"},
                 "spec":{"group":"stable.example.com","scope":"Namespaced","names":{"plural":"crontabs","kind":"CronTab","shortNames":["ct"]},
                 "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                   "spec":SPEC,"status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}}}]}}
                """.replace("SPEC", specSchema));
    }

    static Obj version(Obj crd) {
        return crd.objects("spec", "versions").getFirst();
    }

    static Obj crontab(String spec) {
        return Obj.parse("{\"apiVersion\":\"stable.example.com/v1\",\"kind\":\"CronTab\",\"metadata\":{\"name\":\"my\",\"namespace\":\"default\"},"
                + "\"spec\":" + spec + "}");
    }
}
