package io.manul.network.dns;

import io.manul.network.dns.forward.Upstream;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Type;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an upstream server that asks us: it is sent a name that nobody else knows, once (coredns.io, plugin loop). When that name
 * comes back, it is not asked any more. Safe from any thread.
 */
final class Loops {

    private static final Logger LOG = LoggerFactory.getLogger(Loops.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Map<Name, Upstream> sent = new ConcurrentHashMap<>();
    private final RandomGenerator random;
    private final Executor executor;

    Loops(RandomGenerator random, Executor executor) {
        this.random = random;
        this.executor = executor;
    }

    void look(Upstream upstream) {
        Name name = Name.of(List.of(Long.toUnsignedString(random.nextLong()), Long.toUnsignedString(random.nextLong())));
        sent.put(name, upstream);
        try {
            executor.execute(() -> ask(upstream, name));
        } catch (RejectedExecutionException e) {
            sent.remove(name); // closing
        }
    }

    private void ask(Upstream upstream, Name name) {
        try {
            upstream.ask(new Question(name, Type.HINFO, Question.IN), 0, false, false, LIMIT);
        } catch (IOException e) {
            LOG.debug("An upstream DNS server did not answer server={} why={}", upstream, e.getMessage());
        } finally {
            sent.remove(name);
        }
    }

    /** True when this question is one of ours that came back. */
    boolean back(Question question) {
        Upstream upstream = question.type() == Type.HINFO ? sent.get(question.name()) : null;
        if (upstream == null) {
            return false;
        }
        if (!upstream.loops()) {
            upstream.loops(true);
            LOG.error("An upstream DNS server asks this one again and is not used; give the node another in its resolv.conf, or --resolv-conf "
                    + "server={}", upstream);
        }
        return true;
    }
}
