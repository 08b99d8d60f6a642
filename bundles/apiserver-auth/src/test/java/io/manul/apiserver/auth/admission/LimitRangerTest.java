package io.manul.apiserver.auth.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitRangerTest {

    private final Memory memory = new Memory().put("", "limitranges", "{'metadata':{'namespace':'a','name':'l'},'spec':{'limits':["
            + "{'type':'Container','min':{'cpu':'50m'},'max':{'cpu':'500m'},'default':{'cpu':'500m','memory':'500Mi'},"
            + "'defaultRequest':{'cpu':'100m','memory':'200Mi'},'maxLimitRequestRatio':{'memory':'4'}},"
            + "{'type':'Pod','max':{'cpu':'800m'}},{'type':'PersistentVolumeClaim','min':{'storage':'1Gi'},'max':{'storage':'5Gi'}}]}}");

    private Write write(Operation o, String what, String namespace, String object) {
        return Fakes.write(memory, Fakes.user("ann"), o, what, namespace, object, o == Operation.CREATE ? null : object);
    }

    private static String run(Write w) {
        try {
            new LimitRanger().mutate(w);
            new LimitRanger().validate(w);
            return "";
        } catch (ApiException e) {
            return e.getMessage();
        }
    }

    @Test
    void aContainerGetsTheDefaults() {
        Write w = write(Operation.CREATE, "pods", "a", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c'}]}}");
        assertEquals("", run(w));
        Obj resources = w.object().objects("spec", "containers").getFirst().at("resources");
        assertEquals("{\"requests\":{\"cpu\":\"100m\",\"memory\":\"200Mi\"},\"limits\":{\"cpu\":\"500m\",\"memory\":\"500Mi\"}}", resources.toString());
        assertEquals("LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c",
                w.object().annotations().get("kubernetes.io/limit-ranger"));
    }

    @Test
    void whatIsGivenStays() {
        Write w = write(Operation.CREATE, "pods", "a",
                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','resources':{'limits':{'cpu':'300m'},'requests':{'cpu':'300m'}}}]}}");
        assertEquals("", run(w));
        Obj resources = w.object().objects("spec", "containers").getFirst().at("resources");
        assertEquals("300m", resources.text("requests", "cpu"));
        assertEquals("300m", resources.text("limits", "cpu"));
        assertEquals("200Mi", resources.text("requests", "memory"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'requests':{'cpu':'10m'} | minimum cpu usage per Container is 50m, but request is 10m",
        "'limits':{'cpu':'10m'} | minimum cpu usage per Container is 50m, but limit is 10m",
        "'limits':{'cpu':'600m'},'requests':{'cpu':'60m'} | maximum cpu usage per Container is 500m, but limit is 600m",
        "'requests':{'cpu':'600m'} | maximum cpu usage per Container is 500m, but request is 600m",
        "'requests':{'memory':'100Mi'} | memory max limit to request ratio per Container is 4, but provided ratio is 5.000000",
    })
    void aContainerBeyondTheLimits(String resources, String why) {
        String pod = "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','resources':{" + resources + "}}]}}";
        assertEquals("pods \"p\" is forbidden: " + why, run(write(Operation.CREATE, "pods", "a", pod)));
        assertEquals("", run(write(Operation.CREATE, "pods", "other", pod)));
        assertEquals("", run(write(Operation.UPDATE, "pods", "a", pod)));
    }

    @Test
    void allContainersTogether() {
        assertEquals("pods \"p\" is forbidden: maximum cpu usage per Pod is 800m, but limit is 1",
                run(write(Operation.CREATE, "pods", "a", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c'},{'name':'d'}]}}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'storage':'1Gi' | ~~",
        "'storage':'500Mi' | persistentvolumeclaims \"c\" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi",
        "'storage':'6Gi' | persistentvolumeclaims \"c\" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi",
    })
    void claims(String requests, String why) {
        assertEquals(why, run(write(Operation.CREATE, "persistentvolumeclaims", "a",
                "{'metadata':{'name':'c'},'spec':{'resources':{'requests':{" + requests + "}}}}")));
    }
}
