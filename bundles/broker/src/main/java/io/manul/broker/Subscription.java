package io.manul.broker;

/** @param id the subscription identifier; 0 without one */
record Subscription(String filter, int qos, boolean noLocal, boolean retainAsPublished, int id) {
}
