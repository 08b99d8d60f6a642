package io.manul.apiserver.engine.request;

import io.manul.api.settings.Settings;
import io.manul.apiserver.engine.kind.Catalog;
import io.manul.apiserver.engine.store.EventEncoder;
import io.manul.apiserver.engine.store.Leases;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.Reader;
import io.manul.datastore.Datastore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** What every verb works with. */
public record Core(Datastore datastore, Reader reader, Catalog catalog, List<Admission> admission, Settings settings,
        InstantSource clock, RandomGenerator random, EventEncoder events, Leases leases) {

    public Core {
        admission = List.copyOf(admission);
    }

    public Instant now() {
        return clock.instant();
    }
}
