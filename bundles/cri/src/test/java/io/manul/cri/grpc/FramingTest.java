package io.manul.cri.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.CriException;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void messagesComeWholeHoweverTheBytesAreCut(int step) throws Exception {
        byte[] wire = {0, 0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'd'};
        List<byte[]> messages = new ArrayList<>();
        MessageReader reader = new MessageReader();
        for (int at = 0; at < wire.length; at += step) {
            reader.read(Unpooled.wrappedBuffer(wire, at, Math.min(step, wire.length - at)), messages::add);
        }
        assertEquals(3, messages.size());
        assertArrayEquals(new byte[] {'a', 'b', 'c'}, messages.get(0));
        assertEquals(0, messages.get(1).length);
        assertArrayEquals(new byte[] {'d'}, messages.get(2));
        assertTrue(reader.empty());
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedBeforeItIsRead() {
        CriException e = assertThrows(CriException.class, () -> new MessageReader()
                .read(Unpooled.wrappedBuffer(new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}), m -> { }));
        assertEquals(CriException.Code.RESOURCE_EXHAUSTED, e.code());
        assertTrue(e.getMessage().contains("4294967295"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain        | plain
            a%20b        | a b
            %C3%A4       | ä
            100%         | 100%
            %zz%4        | %zz%4
            """)
    void messagesOfTheServerAreDecoded(String wire, String text) {
        assertEquals(text, Status.percentDecoded(wire));
    }

    @ParameterizedTest
    @CsvSource({"1,1m", "99999999,99999999m", "100000000,100000S"})
    void aTimeoutHasAtMostEightDigits(long millis, String wire) {
        assertEquals(wire, Call.timeout(millis));
    }
}
