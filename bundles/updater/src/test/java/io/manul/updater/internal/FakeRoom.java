package io.manul.updater.internal;

import io.manul.api.component.Component;
import io.manul.api.http.Handler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** A version of the room {@code room}, without a framework: writes down what is done to it and fails when told to. */
final class FakeRoom implements Component {

    final String version;
    final Handler handler = x -> { };
    private final List<String> done;
    private final boolean exclusive;
    Map<Class<?>, Object> offers = Map.of(Handler.class, handler);
    Health health = Health.IDLE;
    Runnable atBegin = () -> { };
    RuntimeException beginFails;
    RuntimeException endFails;

    FakeRoom(String version, boolean exclusive, List<String> done) {
        this.version = version;
        this.exclusive = exclusive;
        this.done = done;
    }

    Room room() {
        return new Room(name(), bundle("io.manul." + name(), version), null, this, Instant.EPOCH);
    }

    static Bundle bundle(String name, String version) {
        return (Bundle) Proxy.newProxyInstance(Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class}, (p, method, args) -> switch (method.getName()) {
            case "getVersion" -> new Version(version);
            case "getSymbolicName" -> name;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    @Override
    public String name() {
        return "room";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return offers;
    }

    @Override
    public boolean exclusive() {
        return exclusive;
    }

    @Override
    public void begin(byte[] state) {
        done.add("begin " + version + (state.length == 0 ? "" : " with " + new String(state, StandardCharsets.UTF_8)));
        atBegin.run();
        if (beginFails != null) {
            throw beginFails;
        }
    }

    @Override
    public byte[] end() {
        done.add("end " + version);
        if (endFails != null) {
            throw endFails;
        }
        return ("what " + version + " knew").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Health health() {
        return health;
    }
}
