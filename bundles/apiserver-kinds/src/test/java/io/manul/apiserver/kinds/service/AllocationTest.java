package io.manul.apiserver.kinds.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocationTest {

    private static final String DUAL = "10.43.0.0/16,fd43::/112";
    private final List<Obj> stored = new ArrayList<>();
    private final List<Obj> cidrs = new ArrayList<>();
    private final ServiceStrategy strategy = new ServiceStrategy();

    private Write write(String cidr, Obj object, Obj old) {
        Reader reader = new Reader() {
            @Override
            public Optional<Obj> get(String group, String resource, String namespace, String name) {
                return Optional.empty();
            }

            @Override
            public List<Obj> list(String group, String resource, String namespace) {
                return (resource.equals("services") ? stored : cidrs).stream().map(Obj::copy).toList();
            }

            @Override
            public long generation(String group, String resource) {
                return 0;
            }
        };
        return new Write(old == null ? Operation.CREATE : Operation.UPDATE, null, "", "d", object.name(), object, old, Obj.of(),
                new User("u", "", List.of(), Map.of()), false, reader, TestSettings.of("n", Map.of("service-cidr", cidr)), Instant.EPOCH, new Random(7), new ArrayList<>());
    }

    /** The Service as stored, or throws; texts as JSON with single quotes. */
    private Obj create(String cidr, String name, String spec) throws ApiException {
        Obj service = Obj.parse(("{'metadata':{'name':'" + name + "','namespace':'d'},'spec':" + spec + "}").replace('\'', '"'));
        strategy.defaults(service);
        strategy.prepareCreate(service, write(cidr, service, null));
        return check(service, null);
    }

    private Obj update(String cidr, Obj old, String spec) throws ApiException {
        Obj service = old.copy().put("spec", Obj.parse(spec.replace('\'', '"')));
        strategy.defaults(service);
        strategy.prepareUpdate(service, old, write(cidr, service, old));
        return check(service, old);
    }

    private Obj check(Obj service, Obj old) throws ApiException {
        FieldErrors errors = new FieldErrors();
        strategy.validate(service, errors);
        if (old != null) {
            strategy.validateUpdate(service, old, errors);
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid("", "Service", service.name(), errors);
        }
        return service;
    }

    private static String shown(Obj service) {
        return service.strings("spec", "clusterIPs").stream().map(ip -> ip.equals("None") ? ip : ip.contains(":") ? "6" : "4").toList()
                + " " + service.strings("spec", "ipFamilies") + " " + service.text("spec", "ipFamilyPolicy");
    }

    private String tried(Call call) {
        try {
            return shown(call.call());
        } catch (ApiException e) {
            return e.getMessage().replaceFirst("Service \"a\" is invalid: ", "");
        }
    }

    interface Call {
        Obj call() throws ApiException;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "10.43.0.0/16|{'ports':[{'port':80}]}|[4] [IPv4] SingleStack",
        "10.43.0.0/16|{'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}|[4] [IPv4] PreferDualStack",
        "10.43.0.0/16|{'ipFamilyPolicy':'RequireDualStack','ports':[{'port':80}]}|spec.ipFamilyPolicy: Invalid value: \"\"RequireDualStack\"\": this cluster is not configured for dual-stack services",
        "10.43.0.0/16|{'ipFamilies':['IPv6'],'ports':[{'port':80}]}|spec.ipFamilies[0]: Invalid value: \"\"IPv6\"\": not configured on this cluster",
        "10.43.0.0/16|{'clusterIP':'None'}|[None] [IPv4, IPv6] RequireDualStack",
        "10.43.0.0/16|{'clusterIP':'None','selector':{'a':'b'}}|[None] [IPv4] SingleStack",
        "10.43.0.0/16,fd43::/112|{'ports':[{'port':80}]}|[4] [IPv4] SingleStack",
        "fd43::/112,10.43.0.0/16|{'ports':[{'port':80}]}|[6] [IPv6] SingleStack",
        "10.43.0.0/16,fd43::/112|{'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}|[4, 6] [IPv4, IPv6] PreferDualStack",
        "10.43.0.0/16,fd43::/112|{'ipFamilies':['IPv6'],'ipFamilyPolicy':'RequireDualStack','ports':[{'port':80}]}|[6, 4] [IPv6, IPv4] RequireDualStack",
        "10.43.0.0/16,fd43::/112|{'ipFamilies':['IPv6','IPv4'],'ports':[{'port':80}]}|spec.ipFamilyPolicy: Invalid value: \"\"SingleStack\"\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
        "10.43.0.0/16,fd43::/112|{'clusterIP':'fd43::77','ports':[{'port':80}]}|[6] [IPv6] SingleStack",
        "10.43.0.0/16|{'clusterIP':'10.99.0.1','ports':[{'port':80}]}|spec.clusterIPs: Invalid value: [\"\"10.99.0.1\"\"]: failed to allocate IP 10.99.0.1: the provided network does not contain the IP 10.99.0.1: the valid range is 10.43.0.0/16",
        "10.43.0.0/16|{'type':'ExternalName','externalName':'a.b'}|[] []"})
    void families(String cidr, String spec, String expected) {
        assertEquals(expected.replace("\"\"", "\""), tried(() -> create(cidr, "a", spec)).strip());
    }

    @Test
    void aSecondFamilyComesAndGoes() throws ApiException {
        Obj single = create(DUAL, "a", "{'ports':[{'port':80}]}");
        Obj dual = update(DUAL, single, "{'ipFamilyPolicy':'PreferDualStack','clusterIP':'" + single.text("spec", "clusterIP") + "','ports':[{'port':80}]}");
        assertEquals("[4, 6] [IPv4, IPv6] PreferDualStack", shown(dual));
        assertEquals(single.text("spec", "clusterIP"), dual.text("spec", "clusterIP"));
        Obj spec = dual.at("spec").copy().put("ipFamilyPolicy", "SingleStack");
        assertEquals("[4] [IPv4] SingleStack", shown(update(DUAL, dual, spec.toString())));
        assertEquals("spec.clusterIPs[0]: Invalid value: [\"10.43.0.99\"]: may not change once set",
                tried(() -> update(DUAL, single, "{'clusterIP':'10.43.0.99','ports':[{'port':80}]}")));
    }

    @Test
    void anUpdateKeepsWhatItLeavesOutAndAChangeOfTypeGivesUp() throws ApiException {
        Obj balancer = create(DUAL, "a", "{'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]}");
        long node = Kept.nodePort(balancer.objects("spec", "ports").getFirst());
        long health = balancer.number("spec", "healthCheckNodePort").orElseThrow();
        assertTrue(node >= 30000 && health >= 30000 && node != health);
        Obj same = update(DUAL, balancer, "{'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]}");
        assertEquals(balancer, same);
        Obj plain = update(DUAL, balancer, balancer.at("spec").copy().put("type", "ClusterIP").toString());
        assertEquals(Set.of("clusterIP", "clusterIPs", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy", "ports", "sessionAffinity", "type"), plain.at("spec").map().keySet());
        Obj name = update(DUAL, balancer, balancer.at("spec").copy().put("type", "ExternalName").put("externalName", "a.b").toString());
        assertEquals("[] []", shown(name).strip());
        assertTrue(Kept.nodePort(name.objects("spec", "ports").getFirst()) == 0);
    }

    @Test
    void oneNumberServesSeveralProtocolsOfAServiceAndNoOther() throws ApiException {
        Obj dns = create(DUAL, "a", "{'type':'NodePort','ports':[{'name':'t','port':53,'protocol':'TCP'},{'name':'u','port':53,'protocol':'UDP'}]}");
        List<Obj> ports = dns.objects("spec", "ports");
        assertEquals(Kept.nodePort(ports.get(0)), Kept.nodePort(ports.get(1)));
        stored.add(dns);
        long taken = Kept.nodePort(ports.get(0));
        assertEquals("Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: " + taken + ": provided port is already allocated",
                tried(() -> create(DUAL, "b", "{'type':'NodePort','ports':[{'port':53,'protocol':'SCTP','nodePort':" + taken + "}]}")));
        assertEquals("spec.clusterIPs: Invalid value: [\"" + dns.text("spec", "clusterIP") + "\"]: failed to allocate IP " + dns.text("spec", "clusterIP")
                + ": provided IP is already allocated", tried(() -> create(DUAL, "a2", "{'clusterIP':'" + dns.text("spec", "clusterIP") + "','ports':[{'port':80}]}"))
                .replaceFirst(".* is invalid: ", ""));
    }

    @Test
    void aFullNetworkIsUsedToTheLastAddressAndThenTheNextOne() throws ApiException {
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 14; i++) {
            Obj s = create("10.0.0.0/28", "s" + i, "{'ports':[{'port':80}]}");
            stored.add(s);
            assertTrue(given.add(s.text("spec", "clusterIP")));
        }
        assertTrue(tried(() -> create("10.0.0.0/28", "a", "{'ports':[{'port':80}]}")).endsWith("failed to allocate an IP: range is full"));
        cidrs.add(Obj.of("metadata", Obj.of("name", "more"), "spec", Obj.of("cidrs", List.of("10.1.0.0/24"))));
        assertTrue(create("10.0.0.0/28", "a", "{'ports':[{'port':80}]}").text("spec", "clusterIP").startsWith("10.1.0."));
        assertEquals("fd43::1:2", Network.of("fd43::/64").address(0x10002));
    }
}
