package io.manul.network.dns.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random messages come back as they were written; random octets are read or refused, never more. {@code -Dseed=N} replays. */
@Timeout(60)
class MessageFuzzTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(SEED);

    @Test
    void whatIsWrittenIsReadAgain() throws Malformed {
        for (int i = 0; i < 20_000; i++) {
            Message m = message();
            byte[] bytes = Writer.write(m, Writer.MOST);
            Message back = Reader.read(bytes, bytes.length);
            assertEquals(text(m), text(back), () -> "-Dseed=" + SEED);
        }
    }

    @Test
    void whatDoesNotFitIsCutAndSaidSo() throws Malformed {
        for (int i = 0; i < 5_000; i++) {
            Message m = message();
            byte[] whole = Writer.write(m, Writer.MOST);
            int limit = 300 + random.nextInt(900);
            byte[] cut = Writer.write(m, limit);
            Message back = Reader.read(cut, cut.length);
            assertTrue(cut.length <= limit, () -> "-Dseed=" + SEED);
            boolean lost = back.answers().size() < m.answers().size() || back.authority().size() < m.authority().size();
            assertEquals(lost, back.truncated(), () -> "-Dseed=" + SEED);
            assertTrue(whole.length > limit || back.additional().size() == m.additional().size());
        }
    }

    @Test
    void octetsOfAnyKindAreReadOrRefused() {
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = Writer.write(message(), Writer.MOST);
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            try {
                Message m = Reader.read(bytes, length);
                Writer.write(m, Writer.MOST);
                read++;
            } catch (Malformed e) {
                assertTrue(!e.getMessage().isEmpty());
            } catch (RuntimeException e) {
                throw new AssertionError("-Dseed=" + SEED, e);
            }
        }
        assertTrue(read > 1000, "most changes still make a message");
    }

    @Test
    void aPointerToItselfEnds() {
        byte[] loop = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 12, 0, 1, 0, 1};
        assertThrows(Malformed.class, () -> Reader.read(loop, loop.length));
        byte[] forward = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 14, 0, 1, 0, 1};
        assertThrows(Malformed.class, () -> Reader.read(forward, forward.length));
    }

    private Message message() {
        Optional<Edns> edns = random.nextBoolean() ? Optional.of(new Edns(512 + random.nextInt(4000), 0, random.nextBoolean())) : Optional.empty();
        return new Message(random.nextInt(65536), random.nextInt(65536) & 0xfff0 & ~Message.TRUNCATED, random.nextInt(edns.isPresent() ? 200 : 16),
                new Question(name(), random.nextInt(300), 1), records(12), records(3), records(4), edns);
    }

    private List<Rr> records(int most) {
        List<Rr> out = new ArrayList<>();
        for (int n = random.nextInt(most); n > 0; n--) {
            int ttl = random.nextInt(100_000);
            out.add(switch (random.nextInt(7)) {
                case 0 -> Rr.address(name(), ttl, octets(4));
                case 1 -> Rr.address(name(), ttl, octets(16));
                case 2 -> Rr.cname(name(), ttl, name());
                case 3 -> Rr.srv(name(), ttl, random.nextInt(65536), random.nextInt(65536), name());
                case 4 -> Rr.soa(name(), ttl, name(), name(), random.nextInt(), random.nextInt(100));
                case 5 -> Rr.txt(name(), ttl, "v" + random.nextInt());
                default -> new Rr(name(), 300 + random.nextInt(1000), ttl, octets(random.nextInt(60)));
            });
        }
        return out;
    }

    private byte[] octets(int n) {
        byte[] out = new byte[n];
        random.nextBytes(out);
        return out;
    }

    private Name name() {
        List<String> labels = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            labels.add(random.nextBoolean() ? "abcDEF".substring(random.nextInt(5)) : "x".repeat(1 + random.nextInt(30)));
        }
        return Name.of(labels);
    }

    private static String text(Message m) {
        return m.id() + " " + m.flags() + " " + m.code() + " " + m.question() + " " + m.edns() + text(m.answers()) + text(m.authority())
                + text(m.additional());
    }

    private static String text(List<Rr> records) {
        StringBuilder out = new StringBuilder("|");
        records.forEach(r -> out.append(r.owner()).append(r.type()).append(' ').append(r.ttl()).append(java.util.HexFormat.of().formatHex(r.data())));
        return out.toString();
    }
}
