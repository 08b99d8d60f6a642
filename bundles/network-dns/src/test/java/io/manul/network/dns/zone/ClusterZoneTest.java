package io.manul.network.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Informer;
import io.manul.json.Obj;
import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kubernetes DNS specification 1.1.0, row by row ({@code zone.txt}). */
class ClusterZoneTest {

    static final String[] OBJECTS = {
        "{'kind':'Namespace','metadata':{'name':'shop'}}",
        "{'kind':'Service','metadata':{'name':'web','namespace':'shop'},'spec':{'clusterIP':'10.43.0.80','clusterIPs':['10.43.0.80','fd43::80'],"
            + "'ports':[{'name':'http','port':80},{'name':'https','port':443}]}}",
        "{'kind':'EndpointSlice','metadata':{'name':'web-1','namespace':'shop','labels':{'kubernetes.io/service-name':'web'}},'addressType':'IPv4',"
            + "'ports':[{'name':'http','port':8080}],'endpoints':[{'addresses':['10.42.0.7'],'hostname':'web-0'}]}",
        "{'kind':'Service','metadata':{'name':'db','namespace':'shop'},'spec':{'clusterIP':'None','clusterIPs':['None'],"
            + "'ports':[{'name':'sql','port':5432}]}}",
        "{'kind':'EndpointSlice','metadata':{'name':'db-1','namespace':'shop','labels':{'kubernetes.io/service-name':'db'}},'addressType':'IPv4',"
            + "'ports':[{'name':'sql','port':5432,'protocol':'TCP'}],'endpoints':[{'addresses':['10.42.0.1'],'hostname':'db-0'},"
            + "{'addresses':['10.42.0.2'],'conditions':{'ready':true}},{'addresses':['10.42.0.3'],'hostname':'db-2','conditions':{'ready':false}}]}",
        "{'kind':'EndpointSlice','metadata':{'name':'db-2','namespace':'shop','labels':{'kubernetes.io/service-name':'db'}},'addressType':'IPv6',"
            + "'ports':[{'name':'sql','port':5432}],'endpoints':[{'addresses':['fd42::1'],'hostname':'db-0'}]}",
        "{'kind':'Service','metadata':{'name':'empty','namespace':'shop'},'spec':{'clusterIP':'None','clusterIPs':['None']}}",
        "{'kind':'Service','metadata':{'name':'portless','namespace':'shop'},'spec':{'clusterIP':'None','clusterIPs':['None']}}",
        "{'kind':'EndpointSlice','metadata':{'name':'portless-1','namespace':'shop','labels':{'kubernetes.io/service-name':'portless'}},"
            + "'addressType':'IPv4','endpoints':[{'addresses':['10.42.0.9']}]}",
        "{'kind':'Service','metadata':{'name':'out','namespace':'shop'},'spec':{'type':'ExternalName','externalName':'db.example.org',"
            + "'ports':[{'name':'x','port':99}]}}",
        "{'kind':'Service','metadata':{'name':'address','namespace':'shop'},'spec':{'type':'ExternalName','externalName':'192.0.2.1'}}",
    };

    static Index index() {
        Index index = new Index();
        for (String text : OBJECTS) {
            tell(index, Informer.Kind.ADDED, Obj.parse(text.replace('\'', '"')));
        }
        return index;
    }

    static void tell(Index index, Informer.Kind kind, Obj o) {
        Informer.Change change = new Informer.Change(kind, o, kind == Informer.Kind.ADDED ? null : o);
        switch (o.kind()) {
            case "Namespace" -> index.namespace(change);
            case "Service" -> index.service(change);
            default -> index.slice(change);
        }
    }

    static Stream<String> rows() throws IOException {
        try (var in = ClusterZoneTest.class.getResourceAsStream("/zone.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#") && !l.isBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answers(String row) {
        String asked = row.substring(0, row.indexOf(" ->"));
        String expected = row.substring(row.indexOf("->") + 2).strip();
        ClusterZone zone = new ClusterZone(index(), "cluster.local", new byte[] {10, 43, 0, 10}, () -> 1);
        Question q = new Question(Name.of(asked.split(" ")[1]), Type.of(asked.split(" ")[0]), 1);
        Optional<Answer> answer = zone.holds(q.name()) ? Optional.of(zone.answer(q)) : zone.reverse(q);
        assertEquals(expected, answer.map(ClusterZoneTest::text).orElse("elsewhere"));
        answer.ifPresent(a -> {
            boolean no = a.answers().isEmpty();
            assertEquals(no ? 1 : 0, a.authority().stream().filter(r -> r.type() == Type.SOA).count(), "a no has its SOA");
            a.answers().forEach(r -> assertEquals(ClusterZone.TTL, r.ttl()));
        });
    }

    @Test
    void whatGoesIsForgotten() {
        Index index = index();
        for (int i = OBJECTS.length - 1; i >= 0; i--) {
            tell(index, Informer.Kind.DELETED, Obj.parse(OBJECTS[i].replace('\'', '"')));
        }
        assertEquals("0 Services, 0 endpoints", index.size());
        ClusterZone zone = new ClusterZone(index, "cluster.local", new byte[] {10, 43, 0, 10}, () -> 1);
        assertEquals(Rcode.NXDOMAIN, zone.answer(new Question(Name.of("shop.svc.cluster.local"), Type.A, 1)).code());
    }

    @Test
    void aSliceThatChangesItsServiceLeavesTheOldOne() {
        Index index = index();
        Obj before = Obj.parse(OBJECTS[2].replace('\'', '"'));
        Obj after = before.copy().set("db", "metadata", "labels", Index.SERVICE_LABEL);
        index.slice(new Informer.Change(Informer.Kind.MODIFIED, after, before));
        ClusterZone zone = new ClusterZone(index, "cluster.local", new byte[] {10, 43, 0, 10}, () -> 1);
        assertEquals(Rcode.NXDOMAIN, zone.answer(new Question(Name.of("web-0.web.shop.svc.cluster.local"), Type.A, 1)).code());
        assertEquals(3, zone.answer(new Question(Name.of("db.shop.svc.cluster.local"), Type.A, 1)).answers().size());
    }

    private static String text(Answer a) {
        String answers = a.answers().stream().map(r -> Type.name(r.type()) + data(r)).sorted().collect(Collectors.joining(", "));
        String more = a.additional().stream().map(r -> Type.name(r.type()) + " " + plain(r.owner()) + data(r)).sorted().collect(Collectors.joining(", "));
        return (Rcode.name(a.code()) + " " + answers + (more.isEmpty() ? "" : " + " + more)).strip();
    }

    private static String data(Rr r) {
        return switch (r.type()) {
            case Type.A, Type.AAAA -> " " + Addresses.text(r.data());
            case Type.CNAME, Type.PTR, Type.NS -> " " + plain(r.target());
            case Type.TXT -> " " + new String(r.data(), 1, r.data().length - 1, StandardCharsets.UTF_8);
            case Type.SRV -> {
                ByteBuffer b = ByteBuffer.wrap(r.data());
                yield " " + b.getShort() + " " + b.getShort() + " " + (b.getShort() & 0xffff) + " "
                        + plain(new Rr(r.owner(), Type.PTR, 0, java.util.Arrays.copyOfRange(r.data(), 6, r.data().length)).target());
            }
            default -> "";
        };
    }

    private static String plain(Name name) {
        String text = name.toString();
        return text.equals(".") ? text : text.substring(0, text.length() - 1);
    }
}
