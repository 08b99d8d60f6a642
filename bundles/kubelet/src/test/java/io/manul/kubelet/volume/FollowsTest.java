package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FollowsTest {

    /** Listeners of the open watches, by what they watch. */
    private final Map<String, Informer.Listener> open = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private final Follows follows = new Follows(cluster());

    private Cluster cluster() {
        return (Cluster) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Cluster.class}, (p, m, a) -> {
            Selection of = (Selection) a[1];
            return informer(((Resource) a[0]).plural() + " " + of.namespace() + " " + of.fields());
        });
    }

    private Informer informer(String what) {
        return (Informer) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Informer.class}, (p, m, a) -> {
            switch (m.getName()) {
                case "listen" -> open.put(what, (Informer.Listener) a[0]);
                case "close" -> open.remove(what);
                default -> assertEquals("start", m.getName());
            }
            return p;
        });
    }

    private static Pod pod(String uid, String volumes) {
        return new Pod(Obj.parse("{\"metadata\":{\"namespace\":\"ns\",\"name\":\"" + uid + "\",\"uid\":\"" + uid + "\"},\"spec\":{\"volumes\":["
                + volumes + "]}}"));
    }

    @Test
    void oneWatchForAllPodsUntilTheLastIsGone() {
        String map = "{\"name\":\"a\",\"configMap\":{\"name\":\"settings\"}}";
        String all = map + ",{\"name\":\"b\",\"secret\":{\"secretName\":\"key\"}},{\"name\":\"c\",\"emptyDir\":{}},"
                + "{\"name\":\"d\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"t\"}},{\"configMap\":{\"name\":\"ca\"}},"
                + "{\"secret\":{\"name\":\"key\"}}]}}";
        follows.follow(pod("one", map), () -> told.add("one"));
        follows.follow(pod("two", all), () -> told.add("two"));
        follows.follow(pod("two", all), () -> told.add("two"));
        assertEquals(List.of("configmaps ns metadata.name=ca", "configmaps ns metadata.name=settings", "secrets ns metadata.name=key"),
                List.copyOf(open.keySet()));
        open.get("configmaps ns metadata.name=settings").changed(null);
        open.get("secrets ns metadata.name=key").changed(null);
        assertEquals(List.of("one", "two", "two"), told.stream().sorted().toList());
        follows.unfollow("two");
        assertEquals(List.of("configmaps ns metadata.name=settings"), List.copyOf(open.keySet()));
        follows.unfollow("two");
        follows.close();
        assertEquals(0, open.size());
        follows.follow(pod("late", map), () -> told.add("late"));
        assertEquals(0, open.size());
    }
}
