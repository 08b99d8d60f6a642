package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortRulesTest {

    private static final String SERVICE = "{'metadata':{'name':'web','namespace':'d'},'spec':{'clusterIPs':['10.43.0.9'],"
            + "'ports':[{'name':'http','port':80,'nodePort':30080,'protocol':'TCP'}]%s}}";
    private static final String SLICE = "{'addressType':'IPv4','ports':[{'name':'http','port':8080}],'endpoints':["
            + "{'addresses':['10.42.0.2'],'nodeName':'a','conditions':{'ready':true}},"
            + "{'addresses':['10.42.1.3'],'nodeName':'b','conditions':{'ready':true}},"
            + "{'addresses':['10.42.0.4'],'nodeName':'a','conditions':{'ready':false,'serving':true,'terminating':true}}]}";

    private static Obj json(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "|10.42.0.2:8080 10.42.1.3:8080|10.42.0.2:8080 10.42.1.3:8080",
        ",'internalTrafficPolicy':'Local'|10.42.0.2:8080|10.42.0.2:8080 10.42.1.3:8080",
        ",'externalTrafficPolicy':'Local'|10.42.0.2:8080 10.42.1.3:8080|10.42.0.2:8080"})
    void policies(String extra, String inside, String outside) {
        PortRule rule = new PortRules("a").of(json(SERVICE.formatted(extra == null ? "" : extra)), List.of(json(SLICE))).getFirst();
        assertEquals(inside, text(rule.inside()));
        assertEquals(outside, text(rule.outside()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'None'", "''"})
    void headlessServicesHaveNoRules(String ip) {
        Obj service = json(SERVICE.formatted("").replace("'10.43.0.9'", ip));
        assertEquals(List.of(), new PortRules("a").of(service, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"b,10.42.0.4:8080"})
    void endpointsThatEndServeWhenNoneIsReady(String node, String expected) {
        Obj slice = json(SLICE.replace("'ready':true", "'ready':false"));
        assertEquals(expected, text(new PortRules(node).of(json(SERVICE.formatted("")), List.of(slice)).getFirst().inside()));
    }

    private static String text(List<Endpoint> endpoints) {
        return String.join(" ", endpoints.stream().map(e -> e.ip() + ":" + e.port()).toList());
    }
}
