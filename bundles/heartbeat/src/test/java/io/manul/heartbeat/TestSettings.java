package io.manul.heartbeat;

import io.manul.api.settings.Settings;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;

/** Settings of a test: loopback, and what is given. */
final class TestSettings {

    private TestSettings() {
    }

    static Settings of(String node, Map<String, String> others) {
        return (Settings) Proxy.newProxyInstance(Settings.class.getClassLoader(), new Class<?>[] {Settings.class}, (p, m, args) -> switch (m.getName()) {
            case "bindAddress", "nodeIp" -> "127.0.0.1";
            case "nodeName" -> node;
            case "version" -> "0.1.0";
            case "other" -> Optional.ofNullable(others.get((String) args[0]));
            default -> throw new UnsupportedOperationException(m.getName());
        });
    }
}
