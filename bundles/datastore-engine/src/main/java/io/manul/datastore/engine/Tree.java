package io.manul.datastore.engine;

import io.manul.datastore.KeyValue;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An immutable ordered map of keys to their current values: a B+ tree whose writes copy the path (a few hundred bytes) and
 * share the rest, and whose nodes know how many keys are below them. A reader holds a root and needs no lock.
 */
public final class Tree {

    private static final int MAX = 32;
    private static final int FEW = MAX / 4;

    static final Tree EMPTY = new Tree(new KeyValue[0], null, null, 0);

    /** A leaf has items, a branch has children and the smallest key below each. */
    private final KeyValue[] items;
    private final Tree[] children;
    private final String[] firsts;
    private final int size;

    private Tree(KeyValue[] items, Tree[] children, String[] firsts, int size) {
        this.items = items;
        this.children = children;
        this.firsts = firsts;
        this.size = size;
    }

    private static Tree leaf(KeyValue[] items) {
        return new Tree(items, null, null, items.length);
    }

    private static Tree branch(Tree[] children) {
        String[] firsts = new String[children.length];
        int size = 0;
        for (int i = 0; i < children.length; i++) {
            firsts[i] = children[i].first();
            size += children[i].size;
        }
        return new Tree(null, children, firsts, size);
    }

    private String first() {
        return items != null ? items[0].key() : firsts[0];
    }

    public int size() {
        return size;
    }

    KeyValue get(String key) {
        Tree t = this;
        while (t.items == null) {
            t = t.children[t.child(key)];
        }
        int i = t.find(key);
        return i < 0 ? null : t.items[i];
    }

    /** Index of the child that holds or would hold the key. */
    private int child(String key) {
        int low = 1;
        int high = firsts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Keys.compare(firsts[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Index of the key in a leaf, or -(where it would be) - 1. */
    private int find(String key) {
        int low = 0;
        int high = items.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = Keys.compare(items[middle].key(), key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return -low - 1;
    }

    Tree with(KeyValue item) {
        Tree[] halves = insert(item);
        return halves.length == 1 ? halves[0] : branch(halves);
    }

    private Tree[] insert(KeyValue item) {
        if (items != null) {
            int i = find(item.key());
            if (i >= 0) {
                KeyValue[] next = items.clone();
                next[i] = item;
                return new Tree[] {leaf(next)};
            }
            return split(put(items, -i - 1, item));
        }
        int i = child(item.key());
        Tree[] below = children[i].insert(item);
        if (below.length == 1) {
            return new Tree[] {replaced(i, below[0])};
        }
        Tree[] next = new Tree[children.length + 1];
        System.arraycopy(children, 0, next, 0, i);
        next[i] = below[0];
        next[i + 1] = below[1];
        System.arraycopy(children, i + 1, next, i + 2, children.length - i - 1);
        if (next.length <= MAX) {
            return new Tree[] {branch(next)};
        }
        int half = i + 2 == next.length ? MAX : next.length / 2;
        return new Tree[] {branch(Arrays.copyOf(next, half)), branch(Arrays.copyOfRange(next, half, next.length))};
    }

    private static KeyValue[] put(KeyValue[] items, int at, KeyValue item) {
        KeyValue[] next = new KeyValue[items.length + 1];
        System.arraycopy(items, 0, next, 0, at);
        next[at] = item;
        System.arraycopy(items, at, next, at + 1, items.length - at);
        return next;
    }

    private static Tree[] split(KeyValue[] items) {
        if (items.length <= MAX) {
            return new Tree[] {leaf(items)};
        }
        int half = items.length / 2;
        return new Tree[] {leaf(Arrays.copyOf(items, half)), leaf(Arrays.copyOfRange(items, half, items.length))};
    }

    private Tree replaced(int i, Tree child) {
        Tree[] next = children.clone();
        next[i] = child;
        return branch(next);
    }

    Tree without(String key) {
        Tree next = remove(key);
        while (next.items == null && next.children.length == 1) {
            next = next.children[0];
        }
        return next;
    }

    private Tree remove(String key) {
        if (items != null) {
            int i = find(key);
            return i < 0 ? this : leaf(cut(items, i, new KeyValue[items.length - 1]));
        }
        int i = child(key);
        Tree below = children[i].remove(key);
        if (below == children[i]) {
            return this;
        }
        if (below.size == 0) {
            return children.length == 1 ? EMPTY : branch(cut(children, i, new Tree[children.length - 1]));
        }
        if (below.width() < FEW && children.length > 1) {
            int left = i == 0 ? 0 : i - 1;
            Tree joined = i == 0 ? join(below, children[1]) : join(children[left], below);
            if (joined != null) {
                Tree[] next = cut(children, left + 1, new Tree[children.length - 1]);
                next[left] = joined;
                return branch(next);
            }
        }
        return replaced(i, below);
    }

    private int width() {
        return items != null ? items.length : children.length;
    }

    /** The two neighbours as one node; null when they would be too wide. */
    private static Tree join(Tree a, Tree b) {
        if (a.width() + b.width() > MAX * 3 / 4) {
            return null;
        }
        if (a.items != null) {
            KeyValue[] all = Arrays.copyOf(a.items, a.items.length + b.items.length);
            System.arraycopy(b.items, 0, all, a.items.length, b.items.length);
            return leaf(all);
        }
        Tree[] all = Arrays.copyOf(a.children, a.children.length + b.children.length);
        System.arraycopy(b.children, 0, all, a.children.length, b.children.length);
        return branch(all);
    }

    private static <T> T[] cut(T[] all, int at, T[] rest) {
        System.arraycopy(all, 0, rest, 0, at);
        System.arraycopy(all, at + 1, rest, at, rest.length - at);
        return rest;
    }

    /** Keys below the given one. */
    int rank(String key) {
        Tree t = this;
        int below = 0;
        while (t.items == null) {
            int i = t.child(key);
            for (int j = 0; j < i; j++) {
                below += t.children[j].size;
            }
            t = t.children[i];
        }
        int i = t.find(key);
        return below + (i < 0 ? -i - 1 : i);
    }

    int count(String from, String to) {
        return Math.max(0, rank(to) - rank(from));
    }

    void forEach(Consumer<KeyValue> visitor) {
        if (items != null) {
            Arrays.asList(items).forEach(visitor);
        } else {
            for (Tree child : children) {
                child.forEach(visitor);
            }
        }
    }

    /** Hands over the items of [from, to) in order until the visitor answers false. */
    boolean visit(String from, String to, Predicate<KeyValue> visitor) {
        if (items != null) {
            int i = find(from);
            for (i = i < 0 ? -i - 1 : i; i < items.length; i++) {
                if (Keys.compare(items[i].key(), to) >= 0 || !visitor.test(items[i])) {
                    return false;
                }
            }
            return true;
        }
        for (int i = child(from); i < children.length; i++) {
            if (!children[i].visit(from, to, visitor)) {
                return false;
            }
        }
        return true;
    }
}
