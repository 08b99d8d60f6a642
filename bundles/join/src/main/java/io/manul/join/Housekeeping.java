package io.manul.join;

import io.manul.api.component.Component.Health;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is over: bootstrap tokens that have expired (upstream's token cleaner), and passwords of nodes that were deleted. */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Cluster cluster;
    private final InstantSource clock;
    private final Informer tokens;
    private final Informer nodes;
    private final Controller cleaner;
    private final Controller forgetter;

    Housekeeping(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
        tokens = cluster.informer(Resources.SECRETS, new Selection("kube-system", "", "type=" + BootstrapTokens.TYPE));
        nodes = cluster.informer(Resources.NODES, Selection.ALL).metadataOnly();
        cleaner = new Controller("token-cleaner", this::clean, List.of(tokens));
        forgetter = new Controller("node-passwords", this::forget, List.of(nodes));
        tokens.listen(c -> cleaner.queue().add(new Key(c.object().namespace(), c.object().name())));
        nodes.listen(c -> {
            if (c.kind() == Informer.Kind.DELETED) {
                forgetter.queue().add(new Key("", c.object().name()));
            }
        });
    }

    Housekeeping start() {
        cleaner.start(1);
        forgetter.start(1);
        return this;
    }

    private Outcome clean(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> secret = tokens.get(key);
        Optional<Instant> end = secret.flatMap(BootstrapTokens::expiry);
        if (end.isEmpty()) {
            return Outcome.SETTLED;
        }
        Duration left = Duration.between(clock.instant(), end.get());
        if (left.isPositive()) {
            return new Outcome.Again(left, "the token ends then");
        }
        cluster.delete(Resources.SECRETS, key.namespace(), key.name(), Propagation.DEFAULT, OptionalLong.empty(), secret.get().uid());
        LOG.info("Bootstrap token has expired and was removed secret={}/{}", key.namespace(), key.name());
        return Outcome.SETTLED;
    }

    private Outcome forget(Key key) throws ClusterException, InterruptedException {
        if (nodes.get(key).isEmpty() && cluster.delete(Resources.SECRETS, "kube-system", key.name() + NodePasswords.SUFFIX)) {
            LOG.info("Node was deleted: its name is free for another machine node={}", key.name());
        }
        return Outcome.SETTLED;
    }

    Health health() {
        return cleaner.health();
    }

    @Override
    public void close() {
        cleaner.close();
        forgetter.close();
    }
}
