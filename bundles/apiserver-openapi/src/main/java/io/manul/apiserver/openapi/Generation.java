package io.manul.apiserver.openapi;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One revision of the API with its documents, by path and form, softly held; replaced as a whole, so that old documents go at
 * once. Two that ask for the same missing document at once may both make it; they are equal. Safe from any thread.
 */
record Generation(String revision, Api api, Map<String, SoftReference<Document>> documents) {

    Generation(String revision, Api api) {
        this(revision, api, new ConcurrentHashMap<>());
    }

    Document get(String key, Supplier<Document> make) {
        SoftReference<Document> held = documents.get(key);
        Document document = held == null ? null : held.get();
        if (document == null) {
            document = make.get();
            documents.put(key, new SoftReference<>(document));
        }
        return document;
    }
}
