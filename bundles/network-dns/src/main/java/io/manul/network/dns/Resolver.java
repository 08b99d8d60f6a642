package io.manul.network.dns;

import io.manul.network.dns.config.Block;
import io.manul.network.dns.config.Config;
import io.manul.network.dns.config.ForwardRule;
import io.manul.network.dns.config.Hosts;
import io.manul.network.dns.forward.Cache;
import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.zone.ClusterZone;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * From a question to its answer: rewriting, templates, hosts, the cluster's names, what is kept, other servers, in CoreDNS's order;
 * then the names that an alias leads to. Safe from any thread.
 */
final class Resolver {

    private static final int MOST_ALIASES = 8;
    private static final int CACHE_OCTETS = 1 << 20;
    private static final int CUSTOM_CACHE_OCTETS = 1 << 18;

    /** What stays the same during one query. */
    record Asked(int flags, boolean signatures, boolean mayWait) {
    }

    private record Running(Config config, Map<Block, Cache> caches) {
    }

    private record Flight(Block block, Cache.Key key) {
    }

    private final ClusterZone zone;
    private final BooleanSupplier synced;
    private final Upstreams upstreams;
    private final Map<Flight, CompletableFuture<Answer>> flights = new ConcurrentHashMap<>();
    private volatile Hosts nodes = Hosts.NONE;
    private volatile Running running;

    Resolver(ClusterZone zone, BooleanSupplier synced, Upstreams upstreams, Config config) {
        this.zone = zone;
        this.synced = synced;
        this.upstreams = upstreams;
        config(config);
    }

    void nodes(Hosts hosts) {
        nodes = hosts;
    }

    void config(Config config) {
        Map<Block, Cache> caches = new IdentityHashMap<>();
        caches.put(config.initial(), cache(config.initial(), CACHE_OCTETS));
        config.blocks().forEach(b -> caches.put(b, cache(b, CUSTOM_CACHE_OCTETS)));
        running = new Running(config, caches);
    }

    private static Cache cache(Block block, int octets) {
        return new Cache(System::nanoTime, octets, block.cacheSeconds(), block.denialSeconds());
    }

    Block block(Name name) {
        return running.config.block(name);
    }

    int cached() {
        return running.caches.values().stream().mapToInt(Cache::size).sum();
    }

    /** Empty: only with asking other servers, which {@code asked} does not allow. */
    Optional<Answer> resolve(Question question, Asked asked) {
        return resolve(question, asked, 0);
    }

    private Optional<Answer> resolve(Question question, Asked asked, int depth) {
        Running now = running;
        Block block = now.config.block(question.name());
        Name other = block.rewritten(question.name());
        Question asking = other == question.name() ? question : new Question(other, question.type(), question.group());
        Optional<Answer> found = one(now, block, asking, asked);
        if (found.isEmpty()) {
            return found;
        }
        Answer answer = other == question.name() ? found.get() : renamed(found.get(), other, question.name());
        Optional<Name> alias = alias(question, answer);
        if (alias.isEmpty() || depth == MOST_ALIASES || alias.get().equals(question.name())) {
            return Optional.of(answer);
        }
        return resolve(new Question(alias.get(), question.type(), question.group()), asked, depth + 1).map(answer::then);
    }

    /** Where the last alias leads, when nothing of the type asked for is there. */
    private static Optional<Name> alias(Question question, Answer answer) {
        if (!answer.authoritative() || question.type() == Type.CNAME || question.type() == Type.ANY || answer.answers().isEmpty()) {
            return Optional.empty(); // what others answered they have followed
        }
        Rr last = answer.answers().getLast();
        return last.type() == Type.CNAME ? Optional.of(last.target()) : Optional.empty();
    }

    private static Answer renamed(Answer answer, Name from, Name to) {
        List<Rr> out = new ArrayList<>();
        answer.answers().forEach(r -> out.add(r.owner().equals(from) ? r.withOwner(to) : r));
        return new Answer(answer.code(), out, answer.authority(), answer.additional(), answer.authoritative());
    }

    private Optional<Answer> one(Running now, Block block, Question question, Asked asked) {
        Optional<Answer> local = block.template(question).or(() -> block.hosts().answer(question));
        if (local.isPresent()) {
            return local;
        }
        if (block == now.config.initial()) {
            local = nodes.answer(question);
            if (local.isPresent()) {
                return local;
            }
            if (zone.holds(question.name())) {
                return Optional.of(synced.getAsBoolean() ? zone.answer(question) : Answer.failed(Rcode.SERVFAIL));
            }
            local = zone.reverse(question);
            if (local.isPresent()) {
                return local;
            }
        }
        return elsewhere(now, block, question, asked);
    }

    private Optional<Answer> elsewhere(Running now, Block block, Question question, Asked asked) {
        Optional<ForwardRule> rule = block.forward(question.name());
        if (rule.isEmpty()) {
            return Optional.of(Answer.failed(Rcode.SERVFAIL)); // as CoreDNS when no plugin is left
        }
        Cache.Key key = new Cache.Key(question, asked.signatures, (asked.flags & io.manul.network.dns.wire.Message.CHECKING_DISABLED) != 0);
        Cache cache = now.caches.get(block);
        Optional<Answer> kept = cache.get(key);
        if (kept.isPresent() || !asked.mayWait) {
            return kept;
        }
        return Optional.of(together(new Flight(block, key), () -> {
            Answer answer = upstreams.of(rule.get()).ask(question, asked.flags, asked.signatures);
            cache.put(key, answer);
            return answer;
        }));
    }

    /** Many who ask the same at the same time ask once. */
    private Answer together(Flight flight, java.util.function.Supplier<Answer> ask) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> theirs = flights.putIfAbsent(flight, mine);
        if (theirs != null) {
            return theirs.join();
        }
        try {
            Answer answer = ask.get();
            mine.complete(answer);
            return answer;
        } finally {
            flights.remove(flight);
            mine.complete(Answer.failed(Rcode.SERVFAIL)); // when it threw
        }
    }
}
