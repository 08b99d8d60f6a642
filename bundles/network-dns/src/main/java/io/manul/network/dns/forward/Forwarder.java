package io.manul.network.dns.forward;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Message;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one of several servers; when it does not answer the next, those last that did not answer lately. Safe from any thread. */
public final class Forwarder {

    /** How servers are chosen (CoreDNS, plugin forward, "policy"). */
    public enum Policy { RANDOM, ROUND_ROBIN, SEQUENTIAL }

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration ONE = Duration.ofSeconds(2);
    private static final Duration ALL = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 512;

    private final List<Upstream> upstreams;
    private final Policy policy;
    private final boolean tcpOnly;
    private final RandomGenerator random;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private int turn;

    public Forwarder(List<Upstream> upstreams, Policy policy, boolean tcpOnly, RandomGenerator random) {
        this.upstreams = List.copyOf(upstreams);
        this.policy = policy;
        this.tcpOnly = tcpOnly;
        this.random = random;
    }

    public List<Upstream> upstreams() {
        return upstreams;
    }

    /** Blocks, at most 5 s. */
    public Answer ask(Question question, int flags, boolean signatures) {
        if (!room.tryAcquire()) {
            return Answer.failed(Rcode.REFUSED); // CoreDNS, plugin forward, "max_concurrent"
        }
        try {
            return inTurn(question, flags, signatures);
        } finally {
            room.release();
        }
    }

    private Answer inTurn(Question question, int flags, boolean signatures) {
        long end = System.nanoTime() + ALL.toNanos();
        Answer refused = Answer.failed(Rcode.SERVFAIL);
        while (System.nanoTime() < end) {
            List<Upstream> order = order();
            if (order.stream().allMatch(u -> u.down(System.nanoTime()))) {
                return refused; // none, or all are known not to answer: say so at once, one is tried again in 2 s
            }
            for (Upstream u : order) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                try {
                    Message m = u.ask(question, flags, signatures, tcpOnly, Duration.ofNanos(Math.min(left, ONE.toNanos())));
                    Answer answer = new Answer(m.code(), m.answers(), m.authority(), m.additional(), false);
                    if (m.code() != Rcode.SERVFAIL && m.code() != Rcode.REFUSED) {
                        return answer;
                    }
                    refused = answer;
                } catch (IOException e) {
                    LOG.debug("An upstream DNS server did not answer server={} why={}", u, e.getMessage());
                }
            }
            if (refused.code() == Rcode.REFUSED) {
                return refused;
            }
        }
        return refused;
    }

    private List<Upstream> order() {
        long now = System.nanoTime();
        List<Upstream> order = new ArrayList<>(upstreams.stream().filter(u -> !u.loops()).toList());
        switch (policy) {
            case RANDOM -> Collections.shuffle(order, java.util.Random.from(random));
            case ROUND_ROBIN -> Collections.rotate(order, -next());
            case SEQUENTIAL -> { }
        }
        order.sort(java.util.Comparator.comparing(u -> u.down(now)));
        return order;
    }

    private synchronized int next() {
        return turn++ & 0xffff;
    }
}
