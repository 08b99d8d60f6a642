package io.manul.apiserver.engine;

import io.manul.api.component.Component;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.apiserver.auth.Auth;
import io.manul.apiserver.engine.boot.Boot;
import io.manul.apiserver.engine.boot.Compaction;
import io.manul.apiserver.engine.boot.DefinitionLoop;
import io.manul.apiserver.engine.crd.CrdStrategy;
import io.manul.apiserver.engine.crd.CustomKinds;
import io.manul.apiserver.engine.kind.Catalog;
import io.manul.apiserver.engine.request.ApiHandler;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Metrics;
import io.manul.apiserver.engine.store.EventEncoder;
import io.manul.apiserver.engine.store.Leases;
import io.manul.apiserver.engine.store.StoreLedger;
import io.manul.apiserver.engine.store.StoreReader;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.kinds.KindStrategies;
import io.manul.apiserver.openapi.Documents;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.Strategies;
import io.manul.apiserver.spi.Strategy;
import io.manul.datastore.Datastore;
import io.manul.schema.Schema;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * The apiserver's life. It keeps no state of its own: two versions serve side by side while one takes the other's place.
 * Compaction and the cleaning up after definitions are for one of them.
 */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class ApiServer implements Component {

    private final Datastore datastore;
    private final Core core;
    private final Writes writes;
    private final ApiHandler handler;
    private volatile boolean booted;
    private Compaction compaction;
    private DefinitionLoop definitions;

    @Activate
    public ApiServer(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Datastore datastore,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(datastore, pki, settings, InstantSource.system());
    }

    ApiServer(Datastore datastore, Pki pki, Settings settings, InstantSource clock) {
        this.datastore = datastore;
        Schema schema = Schema.builtIn();
        Reader reader = new StoreReader(datastore);
        CustomKinds custom = new CustomKinds(reader, schema);
        Catalog catalog = new Catalog(schema, strategies(), custom);
        Auth auth = Auth.standard(pki, reader, new StoreLedger(datastore), settings, clock);
        this.core = new Core(datastore, reader, catalog, auth.admission(), settings, clock, new SecureRandom(), new EventEncoder(),
                new Leases(datastore, clock));
        this.writes = Writes.of(core);
        Documents documents = new Documents(schema, settings.nodeIp() + ":" + settings.httpsPort());
        this.handler = new ApiHandler(core, auth, writes, documents, custom, new Metrics(), () -> booted);
    }

    /** The kinds' own rules; those of a definition come from where custom resources are. */
    private static Strategies strategies() {
        Strategies builtIn = new KindStrategies();
        Strategy definitions = new CrdStrategy();
        return (group, resource) -> group.equals("apiextensions.k8s.io") && resource.equals("customresourcedefinitions")
                ? definitions : builtIn.of(group, resource);
    }

    @Override
    public String name() {
        return "apiserver";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Handler.class, handler);
    }

    @Override
    public void begin(byte[] state) throws ApiException {
        new Boot(core, writes).run();
        booted = true;
        compaction = new Compaction(datastore).start();
        definitions = new DefinitionLoop(core, writes).start();
    }

    @Override
    public byte[] end() throws InterruptedException {
        if (compaction != null) {
            definitions.close();
            compaction.close();
            compaction = null;
        }
        return new byte[0];
    }
}
