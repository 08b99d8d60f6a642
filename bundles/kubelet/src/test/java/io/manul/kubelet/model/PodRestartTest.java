package io.manul.kubelet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRestartTest {

    private static final String RULE = "'restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'%s','values':[42,43]}}]";

    @ParameterizedTest
    @CsvSource(textBlock = """
            # pod, container, operator of its rule for 42 and 43, exit code, restarts
            Always,    '',        '',    0,  true
            Always,    Never,     '',    1,  false
            Always,    OnFailure, '',    0,  false
            OnFailure, '',        '',    1,  true
            OnFailure, Always,    '',    0,  true
            Never,     '',        '',    1,  false
            Never,     Never,     In,    42, true
            Never,     Never,     In,    1,  false
            Never,     Never,     NotIn, 42, false
            Never,     Never,     NotIn, 1,  true
            Never,     OnFailure, In,    1,  true
            """)
    void theContainersRulesComeFirst(String policy, String own, String operator, int exitCode, boolean restarts) {
        String container = "{'name':'c'" + (own.isEmpty() ? "" : ",'restartPolicy':'" + own + "'")
                + (operator.isEmpty() ? "" : "," + RULE.formatted(operator)) + "}";
        Pod pod = new Pod(Obj.parse(("{'spec':{'restartPolicy':'" + policy + "','containers':[" + container + "]}}").replace('\'', '"')));
        assertEquals(restarts, pod.restarts(pod.containers().getFirst(), exitCode));
    }
}
