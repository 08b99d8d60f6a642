package io.manul.apiserver.auth;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Doors with only the given answers; anything else that is asked fails. */
public final class Fakes {

    public static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private Fakes() {
    }

    private static <T> T fake(Class<T> door, Map<String, Object> answers) {
        return door.cast(Proxy.newProxyInstance(door.getClassLoader(), new Class<?>[] {door}, (proxy, method, arguments) -> {
            if (answers.containsKey(method.getName())) {
                return answers.get(method.getName());
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            throw new UnsupportedOperationException(method.toString());
        }));
    }

    public static Pki pki(Map<String, Object> answers) {
        return fake(Pki.class, answers);
    }

    public static Exchange exchange(Peer peer, Map<String, List<String>> headers) {
        return fake(Exchange.class, Map.of("peer", peer, "headers", headers));
    }

    /** Of the node n1. */
    public static Settings settings(Map<String, String> nodeLabels) {
        return fake(Settings.class, Map.of("nodeName", "n1", "nodeLabels", nodeLabels));
    }

    public static User node(String name) {
        return new User("system:node:" + name, List.of("system:nodes", "system:authenticated"));
    }

    public static User user(String name, String... groups) {
        return new User(name, List.of(groups));
    }

    /** @param what plural[.group][/sub]; @param object and @param old JSON with ' for ", or null */
    public static Write write(Reader reader, User user, Operation operation, String what, String namespace, String object, String old) {
        String[] sub = what.split("/");
        int dot = sub[0].indexOf('.');
        String plural = dot < 0 ? sub[0] : sub[0].substring(0, dot);
        Resource r = new Resource(dot < 0 ? "" : sub[0].substring(dot + 1), "v1", plural, "", "", "", !namespace.isEmpty(), List.of(), List.of(),
                List.of(), List.of(), "", "");
        Obj now = object == null ? null : parse(object);
        Obj before = old == null ? null : parse(old);
        String name = now == null ? before.name() : now.name();
        return new Write(operation, r, sub.length > 1 ? sub[1] : "", namespace, name, now, before, Obj.of(), user, false, reader,
                settings(Map.of("example.kubernetes.io/zone", "a")), NOW, new Random(7), new ArrayList<>());
    }

    public static Obj parse(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }
}
