package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {

    private final Objects objects = new Objects()
            .with("configmaps", "ns/settings", "{\"data\":{\"speed\":\"fast\",\"mode\":\"a\"},\"binaryData\":{\"b\":\"aGk=\"}}")
            .with("secrets", "ns/key", "{\"data\":{\"password\":\"czNjcmV0\"}}");
    private final Environment environment = new Environment(new References(objects.cluster()));

    private static Pod pod(String container) {
        return new Pod(Obj.parse("""
                {"metadata":{"name":"web-1","namespace":"ns","uid":"u-1","labels":{"app":"web","a.b/c":"d"},"annotations":{"note":"say \\"hi\\""}},
                 "spec":{"serviceAccountName":"robot","containers":[%s]}}""".formatted(container)));
    }

    private Map<String, String> of(String container, Map<String, String> services) throws Exception {
        Pod pod = pod(container);
        Downward downward = new Downward(pod, "n1", List.of("10.42.0.5", "fd00::5"), List.of("192.168.1.2"),
                Map.of("cpu", "2", "memory", "1000Mi"));
        return environment.of(pod.containers().getFirst(), downward, services);
    }

    private Map<String, String> of(String container) throws Exception {
        return of(container, Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"fieldRef":{"fieldPath":"metadata.name"}}                                        | web-1
            {"fieldRef":{"fieldPath":"metadata.namespace"}}                                   | ns
            {"fieldRef":{"fieldPath":"metadata.uid"}}                                         | u-1
            {"fieldRef":{"fieldPath":"metadata.labels['app']"}}                               | web
            {"fieldRef":{"fieldPath":"metadata.labels['a.b/c']"}}                             | d
            {"fieldRef":{"fieldPath":"metadata.annotations['note']"}}                         | say "hi"
            {"fieldRef":{"fieldPath":"spec.nodeName"}}                                        | n1
            {"fieldRef":{"fieldPath":"spec.serviceAccountName"}}                              | robot
            {"fieldRef":{"fieldPath":"status.podIP"}}                                         | 10.42.0.5
            {"fieldRef":{"fieldPath":"status.podIPs"}}                                        | 10.42.0.5,fd00::5
            {"fieldRef":{"fieldPath":"status.hostIP"}}                                        | 192.168.1.2
            {"resourceFieldRef":{"resource":"limits.cpu"}}                                    | 1
            {"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}                     | 500
            {"resourceFieldRef":{"resource":"requests.memory","divisor":"1Mi"}}               | 64
            {"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}                 | 1000
            {"configMapKeyRef":{"name":"settings","key":"speed"}}                             | fast
            {"secretKeyRef":{"name":"key","key":"password"}}                                  | s3cret
            """)
    void valueFrom(String source, String value) throws Exception {
        assertEquals(value, of("{\"name\":\"c\",\"resources\":{\"limits\":{\"cpu\":\"500m\"},\"requests\":{\"memory\":\"64Mi\"}},"
                + "\"env\":[{\"name\":\"X\",\"valueFrom\":" + source + "}]}").get("X"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"configMapKeyRef":{"name":"gone","key":"k"}}      | configmap "gone" not found
            {"secretKeyRef":{"name":"gone","key":"k"}}         | secret "gone" not found
            {"configMapKeyRef":{"name":"settings","key":"k"}}  | couldn't find key k in ConfigMap ns/settings
            {"secretKeyRef":{"name":"key","key":"k"}}          | couldn't find key k in Secret ns/key
            {"fieldRef":{"fieldPath":"spec.hostname"}}         | unsupported fieldPath: spec.hostname
            {"fileKeyRef":{"path":"p"}}                        | env X: valueFrom [fileKeyRef] is not supported here
            """)
    void refused(String source, String message) {
        ConfigException e = assertThrows(ConfigException.class,
                () -> of("{\"name\":\"c\",\"env\":[{\"name\":\"X\",\"valueFrom\":" + source + "}]}"));
        assertEquals(message, e.getMessage());
    }

    @Test
    void optionalKeysAndObjectsMayBeMissing() throws Exception {
        assertFalse(of("""
                {"name":"c","env":[{"name":"X","valueFrom":{"configMapKeyRef":{"name":"gone","key":"k","optional":true}}},
                 {"name":"Y","valueFrom":{"secretKeyRef":{"name":"key","key":"k","optional":true}}}],
                 "envFrom":[{"configMapRef":{"name":"gone","optional":true}}]}""").keySet().stream().anyMatch(k -> k.equals("X") || k.equals("Y")));
    }

    @Test
    void laterBeatsEarlierAndReferencesSeeWhatStandsBefore() throws Exception {
        Map<String, String> env = of("""
                {"name":"c","envFrom":[{"configMapRef":{"name":"settings"}},{"prefix":"S_","secretRef":{"name":"key"}}],
                 "env":[{"name":"A","value":"$(speed) $(WEB_SERVICE_HOST) $(B)"},{"name":"B","value":"b"},{"name":"mode","value":"own"},
                        {"name":"C","value":"$(B)"}]}""", Map.of("WEB_SERVICE_HOST", "10.43.0.9", "mode", "service"));
        assertEquals("fast 10.43.0.9 $(B)", env.get("A"));
        assertEquals("b", env.get("C"));
        assertEquals("own", env.get("mode"));
        assertEquals("s3cret", env.get("S_password"));
        assertEquals("hi", env.get("b"));
        assertEquals("10.43.0.9", env.get("WEB_SERVICE_HOST"));
    }

    @Test
    void serviceVariables() {
        List<Obj> services = List.of(service("default", "kubernetes", "10.43.0.1", "{\"name\":\"https\",\"port\":443}"),
                service("ns", "redis-primary", "10.43.0.11", "{\"port\":6379},{\"name\":\"dns\",\"port\":53,\"protocol\":\"UDP\"}"),
                service("ns", "headless", "None", "{\"port\":1}"), service("other", "far", "10.43.0.12", "{\"port\":1}"));
        Map<String, String> all = ServiceVariables.of(services, "ns", true);
        assertEquals("10.43.0.1", all.get("KUBERNETES_SERVICE_HOST"));
        assertEquals("443", all.get("KUBERNETES_SERVICE_PORT_HTTPS"));
        assertEquals("10.43.0.11", all.get("REDIS_PRIMARY_SERVICE_HOST"));
        assertEquals("6379", all.get("REDIS_PRIMARY_SERVICE_PORT"));
        assertEquals("tcp://10.43.0.11:6379", all.get("REDIS_PRIMARY_PORT"));
        assertEquals("tcp://10.43.0.11:6379", all.get("REDIS_PRIMARY_PORT_6379_TCP"));
        assertEquals("tcp", all.get("REDIS_PRIMARY_PORT_6379_TCP_PROTO"));
        assertEquals("6379", all.get("REDIS_PRIMARY_PORT_6379_TCP_PORT"));
        assertEquals("10.43.0.11", all.get("REDIS_PRIMARY_PORT_6379_TCP_ADDR"));
        assertEquals("udp", all.get("REDIS_PRIMARY_PORT_53_UDP_PROTO"));
        assertTrue(all.keySet().stream().noneMatch(k -> k.startsWith("HEADLESS") || k.startsWith("FAR")));
        assertTrue(ServiceVariables.of(services, "ns", false).keySet().stream().allMatch(k -> k.startsWith("KUBERNETES_")));
    }

    private static Obj service(String namespace, String name, String ip, String ports) {
        return Obj.parse("{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\"},\"spec\":{\"clusterIP\":\"" + ip
                + "\",\"ports\":[" + ports + "]}}");
    }
}
