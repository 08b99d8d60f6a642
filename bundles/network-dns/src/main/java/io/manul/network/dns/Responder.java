package io.manul.network.dns;

import io.manul.network.dns.config.Block;
import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Edns;
import io.manul.network.dns.wire.Malformed;
import io.manul.network.dns.wire.Message;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Reader;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.wire.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a query's octets to the answer's. Safe from any thread. */
final class Responder {

    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final long QUIET_NANOS = 30_000_000_000L;

    /** What is to be done with a query: send this, or ask it again where waiting is allowed. */
    record Turn(byte[] answer, Message later) {
    }

    private final Resolver resolver;
    private final Loops loops;
    private final RandomGenerator random;
    final AtomicLong queries = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile long told;

    Responder(Resolver resolver, Loops loops, RandomGenerator random) {
        this.resolver = resolver;
        this.loops = loops;
        this.random = random;
    }

    /** Without waiting for anybody. Neither answer nor later: nothing is to be sent. */
    Turn now(byte[] in, int length, boolean udp) {
        queries.incrementAndGet();
        Message query;
        try {
            query = Reader.read(in, length);
        } catch (Malformed e) {
            int id = Reader.idOfQuery(in, length);
            return new Turn(id < 0 ? null : Writer.header(id, Message.RESPONSE, Rcode.FORMERR), null);
        }
        if (query.response()) {
            return new Turn(null, null);
        }
        Optional<Message> refused = refusal(query);
        if (refused.isPresent()) {
            return new Turn(written(refused.get(), query, udp), null);
        }
        Optional<Answer> answer = answer(query, false);
        return answer.isPresent() ? new Turn(written(answer.get().to(query), query, udp), null) : new Turn(null, query);
    }

    /** Asks others; blocks some seconds at most. */
    byte[] waiting(Message query, boolean udp) {
        return written(answer(query, true).orElseGet(() -> Answer.failed(Rcode.SERVFAIL)).to(query), query, udp);
    }

    private Optional<Message> refusal(Message query) {
        if (query.opcode() != 0) {
            return Optional.of(Answer.failed(Rcode.NOTIMP).to(query));
        }
        if (query.edns().isPresent() && query.edns().get().version() != 0) {
            return Optional.of(Answer.failed(Rcode.BADVERS).to(query));
        }
        int type = query.question().type();
        if (query.question().group() != Question.IN || type == Type.AXFR || type == Type.IXFR || type == Type.OPT
                || loops.back(query.question())) {
            return Optional.of(Answer.failed(Rcode.REFUSED).to(query));
        }
        return Optional.empty();
    }

    private Optional<Answer> answer(Message query, boolean mayWait) {
        boolean signatures = query.edns().map(Edns::wantsSignatures).orElse(false);
        Optional<Answer> answer;
        try {
            answer = resolver.resolve(query.question(), new Resolver.Asked(query.flags() & Message.CHECKING_DISABLED, signatures, mayWait));
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            LOG.error("A query failed name={} type={}", query.question().name(), Type.name(query.question().type()), e);
            answer = Optional.of(Answer.failed(Rcode.SERVFAIL));
        }
        answer.ifPresent(a -> say(query.question(), a));
        return answer.map(this::shuffled);
    }

    private void say(Question question, Answer answer) {
        Block block = resolver.block(question.name());
        if (block.log()) {
            LOG.info("Query name={} type={} code={} answers={}", question.name(), Type.name(question.type()), Rcode.name(answer.code()),
                    answer.answers().size());
        }
        if (block.errors() && answer.code() == Rcode.SERVFAIL) {
            long count = failed.incrementAndGet();
            long now = System.nanoTime();
            if (told == 0 || now - told > QUIET_NANOS) {
                told = now;
                LOG.warn("A name could not be looked up; look at the node's name servers name={} type={} failed={}", question.name(),
                        Type.name(question.type()), count);
            }
        }
    }

    /** Addresses in another order each time (coredns.io, plugin loadbalance); aliases stay before them. */
    private Answer shuffled(Answer answer) {
        if (answer.answers().size() < 2 || answer.answers().stream().filter(Responder::address).count() < 2) {
            return answer;
        }
        List<Rr> out = new ArrayList<>(answer.answers().stream().filter(r -> !address(r)).toList());
        List<Rr> addresses = new ArrayList<>(answer.answers().stream().filter(Responder::address).toList());
        Collections.shuffle(addresses, java.util.Random.from(random));
        out.addAll(addresses);
        return new Answer(answer.code(), out, answer.authority(), answer.additional(), answer.authoritative());
    }

    private static boolean address(Rr r) {
        return r.type() == Type.A || r.type() == Type.AAAA;
    }

    private static byte[] written(Message answer, Message query, boolean udp) {
        int limit = !udp ? Writer.MOST : query.edns().map(e -> Math.min(e.size(), 4096)).orElse(512);
        return Writer.write(answer, limit);
    }
}
