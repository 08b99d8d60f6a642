package io.manul.broker;

/** The bounds of the broker; the larger ones are for the whole broker, the others for one session. */
record Limits(int connections, int sessions, int sessionsOfNode, int connectsPerSecond, int subscriptions, int inFlight, int queued,
        int queuedBytes, int retained, int retainedOfNode, int retainedBytes, int aliases, int bytesPerSecond, int burstBytes) {

    /** Largest packet, both ways. */
    static final int PACKET = 64 << 10;
    static final int CLIENT_ID = 256;
    static final int TOPIC = 512;
    static final int LEVELS = 16;
    /** Seconds; longer wishes are cut to this (MQTT 5.0, 3.2.2.3.2). */
    static final long SESSION_EXPIRY = 86_400;
    static final int KEEP_ALIVE = 600;
    static final int KEEP_ALIVE_UNSET = 120;
    static final long LAST_WORDS_MILLIS = 100;
    static final int CONNECT_SECONDS = 10;
    /** Sessions that were connected when the broker was replaced have so long to come back before their Will counts. */
    static final long HANDOVER_MILLIS = 30_000;

    static final Limits DEFAULT = new Limits(5_000, 5_000, 4, 200, 64, 16, 128, 256 << 10, 20_000, 16, 8 << 20, 8, 1 << 10, 16 << 10);
}
