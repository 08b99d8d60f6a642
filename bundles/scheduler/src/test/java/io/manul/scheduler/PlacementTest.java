package io.manul.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import io.manul.scheduler.plugin.Defaults;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

    private static final String FREE = "{'metadata':{'name':'free','labels':{'disk':'ssd'}},"
            + "'status':{'allocatable':{'cpu':'2','memory':'1Gi','pods':'10'}}}";

    private static Obj json(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }

    /** What is expected: the node's name, or the message. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}|free",
        "{'containers':[{'resources':{'requests':{'cpu':'3'}}}]}|0/1 nodes are available: 1 Insufficient cpu.",
        "{'containers':[{'resources':{'requests':{'cpu':'3','memory':'2Gi'}}}]}"
            + "|0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.",
        "{'containers':[{'resources':{'requests':{'nvidia.com/gpu':'1'}}}]}|0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
        "{'initContainers':[{'resources':{'requests':{'cpu':'3'}}}]}|0/1 nodes are available: 1 Insufficient cpu.",
        "{'nodeSelector':{'disk':'ssd'}}|free",
        "{'nodeSelector':{'disk':'hdd'}}|0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
        "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':"
            + "[{'matchFields':[{'key':'metadata.name','operator':'In','values':['free']}]}]}}}}|free",
    })
    void oneNode(String spec, String expected) {
        NodeTable table = new NodeTable();
        table.node(json(FREE));
        assertEquals(expected, place(table, spec));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'unschedulable':true}|{}|0/1 nodes are available: 1 node(s) were unschedulable.",
        "{'unschedulable':true}|{'tolerations':[{'operator':'Exists'}]}|n",
        "{'taints':[{'key':'a','value':'b','effect':'NoSchedule'}]}|{}"
            + "|0/1 nodes are available: 1 node(s) had untolerated taint(s).",
        "{'taints':[{'key':'a','value':'b','effect':'PreferNoSchedule'}]}|{}|n",
    })
    void nodesThatRefuse(String nodeSpec, String podSpec, String expected) {
        NodeTable table = new NodeTable();
        table.node(json("{'metadata':{'name':'n'},'status':{'allocatable':{'pods':'10'}}}").put("spec", json(nodeSpec)));
        assertEquals(expected, place(table, podSpec));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'containers':[{'ports':[{'hostPort':80}]}]}|0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
        "{'containers':[{'ports':[{'hostPort':80,'protocol':'UDP'}]}]}|free",
        "{'containers':[{'resources':{'requests':{'cpu':'1500m'}}}]}|0/1 nodes are available: 1 Insufficient cpu.",
    })
    void whatIsTakenCounts(String spec, String expected) {
        NodeTable table = new NodeTable();
        table.node(json(FREE));
        table.pod(json("{'metadata':{'name':'p','namespace':'d'},'spec':{'nodeName':'free','containers':"
                + "[{'ports':[{'hostPort':80}],'resources':{'requests':{'cpu':'1'}}}]}}"));
        assertEquals(expected, place(table, spec));
        table.pod(json("{'metadata':{'name':'p','namespace':'d'},'spec':{'nodeName':'free'},'status':{'phase':'Succeeded'}}"));
        assertEquals("free", place(table, spec));
    }

    @ParameterizedTest
    @CsvSource({"1,b", "0,b"})
    void theEmptierNodeWins(int seed, String expected) {
        NodeTable table = new NodeTable();
        for (String name : List.of("a", "b")) {
            table.node(json("{'metadata':{'name':'" + name + "'},'status':{'allocatable':{'cpu':'2','memory':'1Gi','pods':'10'}}}"));
        }
        table.pod(json("{'metadata':{'name':'p','namespace':'d'},'spec':{'nodeName':'a','containers':"
                + "[{'resources':{'requests':{'cpu':'1','memory':'512Mi'}}}]}}"));
        assertEquals(expected, place(table, "{'containers':[{'resources':{'requests':{'cpu':'100m','memory':'50Mi'}}}]}"));
    }

    private static String place(NodeTable table, String spec) {
        Obj pod = Obj.of("metadata", Obj.of("name", "new", "namespace", "d"), "spec", json(spec));
        Placement.Choice c = new Placement(Defaults.all(), new Random(1)).choose(Wishes.of(pod), table.states());
        return c.node().orElse(c.message());
    }

}
