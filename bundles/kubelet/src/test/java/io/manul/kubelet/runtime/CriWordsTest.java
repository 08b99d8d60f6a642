package io.manul.kubelet.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.cri.CriException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOT_FOUND | PullImage: no such image     | no such image             | rpc error: code = NotFound desc = no such image
            UNKNOWN   | StartContainer: exec: "x": a | exec: "x": a              | rpc error: code = Unknown desc = exec: "x": a
            UNKNOWN   | failed to create: why        | failed to create: why     | rpc error: code = Unknown desc = failed to create: why
            """)
    void theNameOfTheCallIsLeftOut(CriException.Code code, String message, String said, String rpc) {
        CriException e = new CriException(code, message);
        assertEquals(said, CriWords.said(e));
        assertEquals(rpc, CriWords.rpc(e));
    }
}
