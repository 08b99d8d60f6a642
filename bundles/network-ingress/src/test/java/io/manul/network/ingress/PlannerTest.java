package io.manul.network.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Ingresses ask for, and what their authors are told. */
class PlannerTest {

    private final FakeWorld world = new FakeWorld();

    private Picture plan() {
        return new Planner(world).plan();
    }

    private static List<String> told(Picture p) {
        return p.troubles().stream().map(t -> t.reason() + ": " + t.message()).toList();
    }

    @Test
    void prefixesEndWithASlashAndExactPathsDoNot() {
        world.service("a", 9001);
        world.put(FakeWorld.ingress("one", "Shop.example.test", "/cart", "Prefix", "a", "", "/health", "Exact", "a", "*.example.test", "/", "ImplementationSpecific", "a"));
        Picture p = plan();
        assertEquals(List.of("shop.example.test/cart/", "*.example.test/"), List.copyOf(p.prefix().keySet()));
        assertEquals(List.of("/health"), List.copyOf(p.exact().keySet()));
        assertEquals(Map.of(new BackendKey("default", "a", "web", Protocol.HTTP), new java.util.TreeSet<>(List.of(new Pod("127.0.0.1", 9001)))), p.backends());
        assertEquals(List.of(), told(p));
    }

    @Test
    void onlyIngressesOfOurClassesAreServed() {
        world.service("a", 9001);
        Obj other = FakeWorld.ingress("other", "x.test", "/", "Prefix", "a");
        other.at("spec").put("ingressClassName", "traefik");
        Obj none = FakeWorld.ingress("none", "y.test", "/", "Prefix", "a");
        none.at("spec").remove("ingressClassName");
        Obj old = none.copy();
        old.set("old", "metadata", "name").set("z.test", "spec", "host");
        old.set(Map.of("kubernetes.io/ingress.class", "nginx"), "metadata", "annotations");
        List.of(other, none, old).forEach(world::put);
        assertEquals(List.of("none"), Planner.ours(world).stream().map(Obj::name).toList());
        world.drop("IngressClass", "", "manul");
        assertTrue(plan().isEmpty());
    }

    @Test
    void theOlderOfTwoClaimsWins() {
        world.service("a", 9001);
        world.service("b", 9002);
        world.put(FakeWorld.ingress("first", "x.test", "/", "Prefix", "a"));
        world.put(FakeWorld.ingress("second", "x.test", "/", "Prefix", "b", "x.test", "/b", "Prefix", "b"));
        Picture p = plan();
        assertEquals("a", p.prefix().get("x.test/").backend().service());
        assertEquals("b", p.prefix().get("x.test/b/").backend().service());
        assertEquals(List.of("Conflict: host \"x.test\" path \"/\" belongs to the older Ingress default/first"), told(p));
    }

    @Test
    void endpointsThatEndServeOnlyWhenNoneIsReady() {
        world.service("a");
        world.slice("a", 9001, Obj.of("ready", false, "serving", true, "terminating", true));
        world.slice("a", 9002, Obj.of("ready", false, "serving", false));
        world.put(FakeWorld.ingress("one", "x.test", "/", "Prefix", "a"));
        assertEquals("[Pod[ip=127.0.0.1, port=9001]]", plan().backends().values().iterator().next().toString());
        world.slice("a", 9003, Obj.of("ready", true));
        assertEquals("[Pod[ip=127.0.0.1, port=9003]]", plan().backends().values().iterator().next().toString());
    }

    @Test
    void whatIsWrongIsSaid() {
        Obj ingress = FakeWorld.ingress("one", "x.test", "/", "Prefix", "nobody", "x.test", "/a b", "Prefix", "nobody");
        ingress.at("spec").put("tls", List.of(Obj.of("hosts", List.of("x.test"), "secretName", "none"), Obj.of("hosts", List.of("y.test"), "secretName", "bad")));
        ingress.set(Map.of("ingress.manul.io/proxy-body-size", "much", "nginx.ingress.kubernetes.io/proxy-read-timeout", "0"), "metadata", "annotations");
        world.secret("bad", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "x");
        world.put(ingress);
        List<String> told = told(plan());
        assertEquals("SecretNotFound: TLS secret default/none of type kubernetes.io/tls does not exist; its hosts are served with the default certificate", told.get(0));
        assertTrue(told.get(1).startsWith("InvalidSecret: TLS secret default/bad cannot be used: tls.crt is no PEM certificate"), told.get(1));
        assertEquals("ServiceNotFound: Service default/nobody does not exist; its paths answer 503", told.get(2));
        assertTrue(told.contains("InvalidAnnotation: annotation proxy-body-size is \"much\": must be a number of bytes, or one with k, m or g; its default is taken"), told.toString());
        assertTrue(told.contains("InvalidAnnotation: annotation proxy-read-timeout is \"0\": must be seconds, 1 to 86400; its default is taken"), told.toString());
        assertTrue(told.contains("InvalidPath: path \"/a b\" is not served: it must begin with / and have neither spaces nor backslashes"), told.toString());
    }

    @Test
    void annotationsAndProtocols() {
        world.service("a", 9001);
        Obj ingress = FakeWorld.ingress("one", "x.test", "/", "Prefix", "a");
        ingress.at("spec").put("tls", List.of(Obj.of("hosts", List.of("x.test"))));
        ingress.set(Map.of("nginx.ingress.kubernetes.io/backend-protocol", "GRPC", "ingress.manul.io/proxy-body-size", "8m"), "metadata", "annotations");
        world.put(ingress);
        Way way = plan().prefix().get("x.test/");
        assertEquals(Protocol.H2C, way.backend().protocol());
        assertEquals("b7_3600000_8388608_1", way.options().value(7));
        ingress.set(Map.of("ingress.manul.io/ssl-redirect", "false", "ingress.manul.io/proxy-read-timeout", "5"), "metadata", "annotations");
        world.put(ingress);
        assertEquals("b7_5000_0_0", plan().prefix().get("x.test/").options().value(7));
    }
}
