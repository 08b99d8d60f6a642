package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class BodyTest {

    @Test
    void allBodiesTogetherAreBounded() throws Exception {
        Budget budget = new Budget(10);
        Body first = new Body(budget);
        first.add(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        first.add(Unpooled.wrappedBuffer(new byte[] {4, 5, 6}));
        Body second = new Body(budget);
        BadRequest refused = assertThrows(BadRequest.class, () -> second.add(Unpooled.wrappedBuffer(new byte[5])));
        assertEquals(503, refused.code());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, first.bytes());
        first.release();
        first.release();
        second.add(Unpooled.wrappedBuffer(new byte[10]));
        assertThrows(BadRequest.class, () -> new Body(budget).add(Unpooled.wrappedBuffer(new byte[1])));
    }
}
