package io.manul.agent;

import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's certificates while they are in use, when a third of their life is left and also when none is: the node's
 * password, which the servers know, says who asks, and where they have forgotten it (the Node was deleted) the join token does.
 */
final class Renewal implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration LOOK = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final NodeFiles files;
    private final KnownServers servers;
    private final Join.Wanted wanted;
    private final Runnable renewed;
    private final InstantSource clock;
    private String last = "";

    Renewal(NodeFiles files, KnownServers servers, Join.Wanted wanted, Runnable renewed, InstantSource clock) {
        this.files = files;
        this.servers = servers;
        this.wanted = wanted;
        this.renewed = renewed;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            for (;;) {
                Thread.sleep(step());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return when to look again */
    Duration step() throws InterruptedException {
        try {
            Instant now = clock.instant();
            List<String> due = NodeFiles.IDENTITIES.stream().filter(n -> !due(n).isAfter(now)).toList();
            if (!due.isEmpty()) {
                renew(due);
            }
            last = "";
            Duration left = Duration.between(clock.instant(), NodeFiles.IDENTITIES.stream().map(this::due).min(Instant::compareTo).orElseThrow());
            return left.compareTo(LOOK) > 0 ? LOOK : left.isPositive() ? left : AGAIN;
        } catch (IOException | JoinException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(last)) {
                LOG.warn("Certificates of this node are due and not renewed yet; tried again every {} s why={}", AGAIN.toSeconds(), why);
            }
            last = why;
            return AGAIN;
        }
    }

    /** When two thirds of its life are over; at once when it cannot be read or is of another key. */
    private Instant due(String name) {
        try {
            if (!files.matches(name)) {
                return Instant.EPOCH;
            }
            X509Certificate c = Pem.certificates(files.text(name)).getFirst();
            Instant from = c.getNotBefore().toInstant();
            return from.plus(Duration.between(from, c.getNotAfter().toInstant()).multipliedBy(2).dividedBy(3));
        } catch (IOException e) {
            LOG.warn("Certificate of this node cannot be read; another is asked for name={} why={}", name, e.getMessage());
            return Instant.EPOCH;
        }
    }

    private void renew(List<String> due) throws IOException, JoinException, InterruptedException {
        IOException unreached = new IOException("no server is known");
        for (URI uri : servers.all()) {
            try {
                try {
                    ask(uri, Optional.empty(), due);
                } catch (JoinException e) {
                    if (wanted.token().isEmpty()) {
                        throw e;
                    }
                    ask(uri, wanted.token(), due);
                }
                LOG.info("Certificates of this node were renewed names={}", due);
                renewed.run();
                return;
            } catch (IOException e) {
                unreached = e;
            }
        }
        throw unreached;
    }

    private void ask(URI uri, Optional<Token> token, List<String> names) throws IOException, JoinException, InterruptedException {
        try (Supervisor server = Supervisor.of(uri, files.text("server-ca"), token, wanted.headers(files))) {
            for (String name : names) {
                server.certify(files, name);
            }
            Obj config = server.config();
            files.keepConfig(config);
        }
    }
}
