package io.manul.kine.internal;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.datastore.Datastore;
import io.manul.datastore.engine.Engine;
import io.manul.datastore.engine.Limits;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room: opens the file at begin, closes it at end. While it is closed, callers wait at the gate. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class Kine implements Component {

    private final Path data;
    private final Limits limits;
    private final Door door = new Door();

    @Activate
    public Kine(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(settings.dataDir(), Limits.forHeap(Runtime.getRuntime().maxMemory()));
    }

    Kine(Path data, Limits limits) {
        this.data = data;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "kine";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Datastore.class, door);
    }

    @Override
    public boolean exclusive() {
        return true;
    }

    @Override
    public void begin(byte[] state) throws Exception {
        NativeLibrary.place(data);
        door.open(new Engine(new SqliteLog(data.resolve("server/db/state.db")), limits, System::nanoTime, "kine"));
    }

    @Override
    public byte[] end() {
        door.close();
        return new byte[0];
    }

    /** Readers that wait for a change. */
    int waiting() {
        return door.waiting();
    }

    @Override
    public Health health() {
        return door.health();
    }
}
