package io.manul.apiserver.auth.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Ledger;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceQuotaTest {

    private static final String POD = "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','resources':{%s}}]}}";

    private final Memory memory = new Memory();
    private final Ledger ledger = (group, resource, object) -> {
        memory.put(group, resource, object);
        return true;
    };

    private void quota(String name, String spec, String hard, String used) {
        memory.put("", "resourcequotas", "{'metadata':{'namespace':'a','name':'" + name + "','uid':'" + name + "'},'spec':{" + spec + "},'status':{'hard':{" + hard
                + "},'used':{" + used + "}}}");
    }

    private Obj used(String name) {
        return memory.get("", "resourcequotas", "a", name).orElseThrow().at("status", "used");
    }

    private String run(Operation o, String what, String object, String old) {
        Write w = Fakes.write(memory, Fakes.user("ann"), o, what, "a", object, old);
        try {
            new ResourceQuota(ledger).validate(w);
            return "";
        } catch (ApiException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'pods':'2' | 'pods':'1' | | ~~ | 'pods':'2'",
        "'pods':'1' | 'pods':'1' | | exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1 | 'pods':'1'",
        "'requests.cpu':'1','limits.memory':'1Gi' | 'requests.cpu':'800m','limits.memory':'0' | 'requests':{'cpu':'300m'},'limits':{'memory':'2Gi'} |"
                + " exceeded quota: q, requested: limits.memory=2Gi,requests.cpu=300m, used: limits.memory=0,requests.cpu=800m, limited: limits.memory=1Gi,requests.cpu=1"
                + " | 'requests.cpu':'800m','limits.memory':'0'",
        "'cpu':'1','memory':'1Gi' | 'cpu':'0','memory':'0' | 'requests':{'cpu':'300m'} | failed quota: q: must specify memory for: c | 'cpu':'0','memory':'0'",
        "'cpu':'1','limits.cpu':'1' | 'cpu':'0' | 'requests':{'cpu':'300m'},'limits':{'cpu':'1'} | status unknown for quota: q, resources: cpu,limits.cpu | 'cpu':'0'",
        "'cpu':'1','memory':'1Gi' | 'cpu':'100m','memory':'512Mi' | 'requests':{'cpu':'250m','memory':'100Mi'} | ~~ | 'cpu':'350m','memory':'612Mi'",
        "'requests.x.io/gpu':'1' | 'requests.x.io/gpu':'0' | 'requests':{'x.io/gpu':'2'} |"
                + " exceeded quota: q, requested: requests.x.io/gpu=2, used: requests.x.io/gpu=0, limited: requests.x.io/gpu=1 | 'requests.x.io/gpu':'0'",
        "'count/pods':'5' | 'count/pods':'4' | | ~~ | 'count/pods':'5'",
        "'services':'0' | 'services':'0' | | ~~ | 'services':'0'",
    })
    void pods(String hard, String used, String resources, String why, String after) {
        quota("q", "", hard, used);
        assertEquals(why.isEmpty() ? "" : "pods \"p\" is forbidden: " + why,
                run(Operation.CREATE, "pods", POD.formatted(resources == null ? "" : resources), null));
        assertEquals(Fakes.parse("{" + after + "}"), used("q"));
    }

    @Test
    void sumsAreExact() {
        quota("q", "", "'memory':'1Gi'", "'memory':'512Mi'");
        assertEquals("", run(Operation.CREATE, "pods", POD.formatted("'requests':{'memory':'1000'}"), null));
        assertEquals("536871912", used("q").text("memory"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'scopes':['BestEffort'] | | 1",
        "'scopes':['BestEffort'] | 'requests':{'cpu':'1'} | 0",
        "'scopes':['NotBestEffort'] | 'limits':{'memory':'1'} | 1",
        "'scopes':['NotTerminating','NotBestEffort'] | 'limits':{'memory':'1'} | 1",
        "'scopes':['Terminating'] | | 0",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'Exists'}]} | | 0",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'DoesNotExist'}]} | | 1",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'NotIn','values':['x']}]} | | 1",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['x']}]} | | 0",
        "'scopeSelector':{'matchExpressions':[{'scopeName':'CrossNamespacePodAffinity','operator':'Exists'}]} | | 0",
    })
    void scopes(String spec, String resources, String taken) {
        quota("q", spec, "'pods':'5'", "'pods':'0'");
        assertEquals("", run(Operation.CREATE, "pods", POD.formatted(resources == null ? "" : resources), null));
        assertEquals(taken, used("q").text("pods"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'type':'NodePort','ports':[{'port':1}] | 'type':'ClusterIP','ports':[{'port':1}] | 1",
        "'type':'NodePort','ports':[{'port':1},{'port':2}] | 'type':'NodePort','ports':[{'port':1}] | 1",
        "'type':'ClusterIP','ports':[{'port':1}] | 'type':'NodePort','ports':[{'port':1}] | 0",
        "'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,'ports':[{'port':1}] | 'type':'ClusterIP' | 0",
    })
    void aServiceThatChangesItsType(String now, String old, String taken) {
        quota("q", "", "'services':'1','services.nodeports':'2'", "'services':'1','services.nodeports':'0'");
        assertEquals("", run(Operation.UPDATE, "services", "{'metadata':{'name':'s'},'spec':{" + now + "}}", "{'metadata':{'name':'s'},'spec':{" + old + "}}"));
        assertEquals(taken, used("q").text("services.nodeports"));
    }

    @Test
    void aClaimThatGrows() {
        quota("q", "", "'requests.storage':'3Gi','gold.storageclass.storage.k8s.io/requests.storage':'5Gi'",
                "'requests.storage':'2Gi','gold.storageclass.storage.k8s.io/requests.storage':'2Gi'");
        String claim = "{'metadata':{'name':'c'},'spec':{'storageClassName':'gold','resources':{'requests':{'storage':'%s'}}}}";
        assertEquals("", run(Operation.UPDATE, "persistentvolumeclaims", claim.formatted("2Gi"), claim.formatted("1Gi")));
        assertEquals("3Gi", used("q").text("requests.storage"));
        assertEquals("persistentvolumeclaims \"c\" is forbidden: exceeded quota: q, requested: requests.storage=1Gi, used: requests.storage=3Gi, limited: "
                + "requests.storage=3Gi", run(Operation.UPDATE, "persistentvolumeclaims", claim.formatted("3Gi"), claim.formatted("2Gi")));
    }

    @Test
    void allQuotasMustAllowAndNothingIsBookedElse() {
        quota("one", "", "'pods':'5'", "'pods':'0'");
        quota("two", "", "'pods':'0'", "'pods':'0'");
        assertEquals("pods \"p\" is forbidden: exceeded quota: two, requested: pods=1, used: pods=0, limited: pods=0",
                run(Operation.CREATE, "pods", POD.formatted(""), null));
        assertEquals("0", used("one").text("pods"));
        quota("two", "", "", ""); // not counted yet: it limits nothing
        assertEquals("", run(Operation.CREATE, "pods", POD.formatted(""), null));
        assertEquals("1", used("one").text("pods"));
    }

    @Test
    void whatSomebodyElseBookedIsReadAgain() throws Exception {
        quota("q", "", "'count/deployments.apps':'3'", "'count/deployments.apps':'0'");
        AtomicInteger tries = new AtomicInteger();
        ResourceQuota plugin = new ResourceQuota((group, resource, object) -> {
            if (tries.incrementAndGet() == 1) {
                quota("q", "", "'count/deployments.apps':'3'", "'count/deployments.apps':'2'");
                return false;
            }
            return ledger.replace(group, resource, object);
        });
        plugin.validate(Fakes.write(memory, Fakes.user("ann"), Operation.CREATE, "deployments.apps", "a", "{'metadata':{'name':'d'}}", null));
        assertEquals("3", used("q").text("count/deployments.apps"));
    }

    @Test
    void manyAtOnceGetWhatIsThereAndNoMore() throws Exception {
        quota("q", "", "'configmaps':'7'", "'configmaps':'0'");
        ResourceQuota plugin = new ResourceQuota(ledger);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String name = "{'metadata':{'name':'c" + i + "'}}";
            all.add(Thread.ofVirtual().start(() -> {
                try {
                    plugin.validate(Fakes.write(memory, Fakes.user("ann"), Operation.CREATE, "configmaps", "a", name, null));
                    in.incrementAndGet();
                } catch (ApiException e) {
                    refused.incrementAndGet();
                }
            }));
        }
        for (Thread t : all) {
            t.join();
        }
        assertEquals(7, in.get());
        assertEquals(43, refused.get());
        assertEquals("7", used("q").text("configmaps"));
    }
}
