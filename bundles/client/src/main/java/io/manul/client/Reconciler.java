package io.manul.client;

/** One pass for one object: state decides, never the event. An exception means: again, with back-off. */
@FunctionalInterface
public interface Reconciler {
    Outcome reconcile(Key key) throws Exception;
}
