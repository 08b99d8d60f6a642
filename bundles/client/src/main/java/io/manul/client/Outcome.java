package io.manul.client;

import java.time.Duration;

/** What one reconcile came to. */
public sealed interface Outcome {
    /** Nothing more to do until something changes. */
    record Settled() implements Outcome {
    }

    /** Look again after a while, because. */
    record Again(Duration after, String because) implements Outcome {
    }

    Outcome SETTLED = new Settled();
}
