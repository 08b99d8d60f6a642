package io.manul.kubelet.container;

import io.manul.client.Cluster;
import io.manul.json.Obj;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An API that knows some objects, and gives tokens; it answers {@code get} and {@code post} only. */
public final class Objects {

    private final Map<String, Obj> all = new HashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile String token = "";

    /** @param key {@code namespace/name} */
    public Objects with(String plural, String key, String json) {
        all.put(plural + "/" + key, Obj.parse(json));
        return this;
    }

    /** What the next token request is answered with. */
    public void token(String next) {
        token = next;
    }

    public int tokensGiven() {
        return tokens.get();
    }

    public Cluster cluster() {
        return (Cluster) Proxy.newProxyInstance(Objects.class.getClassLoader(), new Class<?>[] {Cluster.class}, (p, method, args) -> {
            if (method.getName().equals("get")) {
                return Optional.ofNullable(all.get(((io.manul.client.Resource) args[0]).plural() + "/" + args[1] + "/" + args[2]))
                        .map(Obj::copy);
            }
            if (method.getName().equals("post") && args[3].equals("token")) {
                tokens.incrementAndGet();
                return Obj.of("status", Obj.of("token", token));
            }
            throw new UnsupportedOperationException(method.getName());
        });
    }
}
