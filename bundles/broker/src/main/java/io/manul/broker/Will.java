package io.manul.broker;

/** A message to be published when a client is lost. @param delaySeconds the Will Delay Interval */
record Will(Message message, long delaySeconds, long expirySeconds) {

    static final long NO_EXPIRY = -1;

    /** The message as of now: its expiry begins when it is published. */
    Message published(long now) {
        return new Message(message.topic(), message.payload(), message.qos(), message.retain(),
                expirySeconds == NO_EXPIRY ? Message.NEVER : now + expirySeconds * 1000, message.passed());
    }
}
