package io.manul.apiserver.openapi;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Documents of one revision of the API, by path and form, softly held. Two that ask for the same missing document at once may
 * both make it; they are equal. Safe from any thread.
 */
final class Cache {

    /** Everything of one revision; replaced as a whole, so that old documents go at once. */
    private static final class Generation {
        final String revision;
        final Api api;
        final Map<String, SoftReference<Document>> documents = new ConcurrentHashMap<>();

        Generation(String revision, Api api) {
            this.revision = revision;
            this.api = api;
        }
    }

    private volatile Generation current;

    Api api(String revision, Supplier<Api> make) {
        Generation generation = current;
        if (generation == null || !generation.revision.equals(revision)) {
            generation = new Generation(revision, make.get());
            current = generation;
        }
        return generation.api;
    }

    Document get(String key, String revision, Supplier<Document> make) {
        Generation generation = current;
        if (generation == null || !generation.revision.equals(revision)) {
            return make.get(); // the API has just changed again: answer this one, keep nothing
        }
        SoftReference<Document> held = generation.documents.get(key);
        Document document = held == null ? null : held.get();
        if (document == null) {
            document = make.get();
            generation.documents.put(key, new SoftReference<>(document));
        }
        return document;
    }
}
