package io.manul.datastore.engine;

import java.util.Objects;

/** The order of keys: by their UTF-8 bytes, which is the order of code points (Unicode 15, section 2.5). */
public final class Keys {

    /** Longest key in chars; Kubernetes' longest are below 1,000. */
    static final int MAX_LENGTH = 4096;

    private Keys() {
    }

    public static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return weight(x) - weight(y);
            }
        }
        return a.length() - b.length();
    }

    /** UTF-16 puts surrogates before U+E000..U+FFFF, UTF-8 puts what they encode after. */
    private static int weight(char c) {
        return c < 0xD800 ? c : c < 0xE000 ? c + 0x2000 : c - 0x800;
    }

    static boolean within(String key, String from, String to) {
        return compare(key, from) >= 0 && compare(key, to) < 0;
    }

    /** Refuses what has no UTF-8 form or is out of bounds. */
    static void check(String key) {
        Objects.requireNonNull(key, "key");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("etcdserver: key is not provided");
        }
        if (key.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("key of " + key.length() + " chars; the longest allowed has " + MAX_LENGTH);
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == key.length() || !Character.isLowSurrogate(key.charAt(i + 1))) {
                    throw new IllegalArgumentException("key has half a surrogate pair at " + i);
                }
                i++;
            }
        }
    }
}
