package io.manul.apiserver.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {

    private static final Map<String, String> GROUPS = Map.ofEntries(Map.entry("deployments", "apps"), Map.entry("networkpolicies", "networking.k8s.io"),
            Map.entry("servicecidrs", "networking.k8s.io"), Map.entry("ipaddresses", "networking.k8s.io"), Map.entry("endpointslices", "discovery.k8s.io"),
            Map.entry("storageclasses", "storage.k8s.io"), Map.entry("csidrivers", "storage.k8s.io"), Map.entry("csinodes", "storage.k8s.io"),
            Map.entry("csistoragecapacities", "storage.k8s.io"), Map.entry("volumeattachments", "storage.k8s.io"),
            Map.entry("volumeattributesclasses", "storage.k8s.io"));

    static Stream<Arguments> rows() throws IOException {
        try (var in = RulesTest.class.getResourceAsStream("/rules.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#") && !l.isBlank())
                    .map(l -> l.split("\\|", 3)).map(p -> Arguments.of(p[0].strip(), p[1].strip(), p[2].strip()));
        }
    }

    private static Strategy strategy(String resource) {
        KindStrategies all = new KindStrategies();
        int slash = resource.indexOf('/');
        return slash > 0 ? all.of(resource.substring(0, slash), resource.substring(slash + 1))
                : all.of(GROUPS.getOrDefault(resource, ""), resource);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesInUpstreamsWords(String resource, String json, String expected) {
        Obj object = Obj.parse(json.replace('\'', '"'));
        Strategy s = strategy(resource);
        s.defaults(object);
        FieldErrors errors = new FieldErrors();
        s.validate(object, errors);
        s.validateCreate(object, errors);
        assertEquals(expected, errors.isEmpty() ? "" : errors.message());
    }

    static Stream<Arguments> updates() throws IOException {
        try (var in = RulesTest.class.getResourceAsStream("/updates.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#") && !l.isBlank())
                    .map(l -> l.split("\\|", 4)).map(p -> Arguments.of(p[0].strip(), p[1].strip(), p[2].strip(), p[3].strip()));
        }
    }

    /** Kind | before | after | what is wrong with the change, a line break as a slash. A write of status alone is checked as such. */
    @ParameterizedTest
    @MethodSource("updates")
    void refusesChangesInUpstreamsWords(String resource, String from, String to, String expected) {
        Obj old = Obj.parse(from.replace('\'', '"'));
        Obj object = Obj.parse(to.replace('\'', '"'));
        Strategy s = strategy(resource);
        FieldErrors errors = new FieldErrors();
        if (object.has("status")) {
            s.validateStatus(object, old, errors);
        } else {
            s.validateUpdate(object, old, errors);
        }
        assertEquals(expected, errors.isEmpty() ? "" : errors.message().replace("\n", " / "));
    }

    @Test
    void aPodGetsTheReferencesDefaults() {
        Obj pod = Obj.parse("{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\",\"resources\":{\"limits\":{\"cpu\":\"1\"}},"
                + "\"livenessProbe\":{\"timeoutSeconds\":0,\"httpGet\":{\"port\":80}}}],\"volumes\":[{\"name\":\"e\"}]}}");
        strategy("pods").defaults(pod);
        Obj c = pod.objects("spec", "containers").getFirst();
        assertEquals("Always", pod.text("spec", "restartPolicy"));
        assertEquals(30, pod.number("spec", "terminationGracePeriodSeconds").orElseThrow());
        assertEquals("Always", c.text("imagePullPolicy"));
        assertEquals("1", c.text("resources", "requests", "cpu"));
        assertEquals("/", c.text("livenessProbe", "httpGet", "path"));
        assertEquals(10, c.number("livenessProbe", "periodSeconds").orElseThrow());
        assertEquals(1, c.number("livenessProbe", "timeoutSeconds").orElseThrow(), "zero is not set");
        assertEquals(true, pod.objects("spec", "volumes").getFirst().has("emptyDir"));
        Obj again = pod.copy();
        strategy("pods").defaults(again);
        assertEquals(pod, again, "defaults are filled in once");
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "119,119s", "120,2m", "125,2m5s", "599,9m59s", "600,10m", "10799,179m", "10800,3h", "11000,3h3m", "28800,8h",
        "172799,47h", "172800,2d", "180000,2d2h", "691200,8d", "63072000,2y", "31536000,365d"})
    void agesAreShownAsKubectlDoes(long seconds, String shown) {
        assertEquals(shown, Age.of(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[]|<none>",
        "[{'notReadyAddresses':[{'ip':'10.0.0.1'}],'ports':[{'port':80}]}]|<none>",
        "[{'addresses':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],'ports':[{'port':80},{'port':81}]}]|10.0.0.1:80,10.0.0.1:81,10.0.0.2:80 + 1 more...",
        "[{'addresses':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}]}]|10.0.0.1,10.0.0.2"})
    void endpointsAreShownAsKubectlDoes(String subsets, String shown) {
        Obj endpoints = Obj.parse("{\"metadata\":{\"name\":\"e\"},\"subsets\":" + subsets.replace('\'', '"') + "}");
        assertEquals(shown, strategy("endpoints").cells(endpoints, Instant.EPOCH).getFirst());
    }
}
