package io.manul.model.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private static Obj parse(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }

    private static String used(String resource, String object) {
        Map<String, String> shown = new TreeMap<>();
        Usage.of(resource, parse(object), NOW).forEach((name, amount) -> shown.put(name, amount.toString()));
        return shown.toString().replace("count/" + resource + "=1", "").replaceFirst("^\\{(, )?", "{");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'containers':[{}] | {pods=1}",
        "'containers':[{'resources':{'requests':{'cpu':'100m','memory':'1Gi'}}},{'resources':{'requests':{'cpu':'1','memory':'512Mi'}}}]"
                + " | {cpu=1100m, memory=1536Mi, pods=1, requests.cpu=1100m, requests.memory=1536Mi}",
        // an init container runs alone, a sidecar with all that come later
        "'containers':[{'resources':{'requests':{'cpu':'1'}}}],'initContainers':[{'resources':{'requests':{'cpu':'3'}}}] | {cpu=3, pods=1, requests.cpu=3}",
        "'containers':[{'resources':{'requests':{'cpu':'2'}}}],'initContainers':[{'restartPolicy':'Always','resources':{'requests':{'cpu':'1'}}},"
                + "{'resources':{'requests':{'cpu':'1500m'}}}] | {cpu=3, pods=1, requests.cpu=3}",
        "'overhead':{'cpu':'10m','memory':'1Mi'},'containers':[{'resources':{'requests':{'cpu':'1'},'limits':{'cpu':'2'}}}]"
                + " | {cpu=1010m, limits.cpu=2010m, memory=1Mi, pods=1, requests.cpu=1010m, requests.memory=1Mi}",
        "'resources':{'requests':{'cpu':'5'}},'containers':[{'resources':{'requests':{'cpu':'1'}}}] | {cpu=5, pods=1, requests.cpu=5}",
        "'containers':[{'resources':{'requests':{'hugepages-2Mi':'4Mi','x.io/gpu':'2'}}}]"
                + " | {hugepages-2Mi=4Mi, pods=1, requests.hugepages-2Mi=4Mi, requests.x.io/gpu=2}",
        "'containers':[{'resources':{'requests':{'ephemeral-storage':'1G'},'limits':{'ephemeral-storage':'2G'}}}]"
                + " | {ephemeral-storage=1G, limits.ephemeral-storage=2G, pods=1, requests.ephemeral-storage=1G}",
    })
    void pods(String spec, String expected) {
        assertEquals(expected, used("pods", "{'spec':{" + spec + "}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'status':{'phase':'Running'} | {pods=1}",
        "'status':{'phase':'Succeeded'} | {}",
        "'status':{'phase':'Failed'} | {}",
        "'metadata':{'deletionTimestamp':'2026-11-24T09:59:31Z','deletionGracePeriodSeconds':30} | {pods=1}",
        "'metadata':{'deletionTimestamp':'2026-11-24T09:59:29Z','deletionGracePeriodSeconds':30} | {}",
    })
    void aPodTakesWhileItLives(String fields, String expected) {
        assertEquals(expected, used("pods", "{'spec':{'containers':[{}]}," + fields + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "services | {'spec':{'type':'ClusterIP','ports':[{}]}} | {services=1, services.loadbalancers=0, services.nodeports=0}",
        "services | {'spec':{'type':'NodePort','ports':[{},{}]}} | {services=1, services.loadbalancers=0, services.nodeports=2}",
        "services | {'spec':{'type':'LoadBalancer','ports':[{}]}} | {services=1, services.loadbalancers=1, services.nodeports=1}",
        "services | {'spec':{'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,'ports':[{},{'nodePort':30000}]}}"
                + " | {services=1, services.loadbalancers=1, services.nodeports=1}",
        "persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'1.5'}}}} | {persistentvolumeclaims=1, requests.storage=2}",
        "persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'1Gi'}}},'status':{'allocatedResources':{'storage':'2Gi'}}}"
                + " | {persistentvolumeclaims=1, requests.storage=2Gi}",
        "secrets | {} | {secrets=1}",
        "deployments.apps | {} | {}",
    })
    void others(String resource, String object, String expected) {
        assertEquals(expected, used(resource, object));
    }

    @ParameterizedTest
    @CsvSource({"cpu,pods", "requests.x.io/gpu,pods", "requests.hugepages-2Mi,pods", "services.nodeports,services", "count/jobs.batch,jobs.batch",
        "requests.storage,persistentvolumeclaims", "gold.storageclass.storage.k8s.io/requests.storage,persistentvolumeclaims",
        "configmaps,configmaps", "x.io/gpu,''", "limits.x.io/gpu,''"})
    void aNameIsAboutAResource(String name, String resource) {
        assertEquals(resource, Names.resource(name).orElse(""));
    }

    @Test
    void everyContainerMustNameWhatAQuotaLimits() {
        Obj pod = parse("{'spec':{'containers':[{'name':'b','resources':{'requests':{'cpu':'1'}}},{'name':'a'}],'initContainers':[{'name':'i'}]}}");
        assertEquals("cpu for: a,i; limits.memory for: a,b,i", PodUsage.missing(pod, Set.of("cpu", "limits.memory", "pods", "ephemeral-storage")));
        assertEquals("", PodUsage.missing(pod.set(Obj.of("cpu", "1"), "spec", "resources", "requests"), Set.of("cpu")));
    }

    @ParameterizedTest
    @CsvSource({"1024,1024", "1Ki,1Ki", "1024Ki,1Mi", "1536Mi,1536Mi", "500m,500m", "1500m,1500m", "0.5,500m", "2000,2k", "0,0", "0.5Ki,512"})
    void aQuantityIsShownInItsCanonicalForm(String given, String shown) {
        assertEquals(shown, Amount.of(given).toString());
    }
}
