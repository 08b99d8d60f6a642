package io.manul.helm.template.go;

/** Go's {@code int}, 64 bits, which is another type than {@code int64} (a {@link Long} here). */
public final class Int extends Number implements Comparable<Int> {

    private static final Int[] SMALL = new Int[1024];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new Int(i);
        }
    }

    private final long value;

    private Int(long value) {
        this.value = value;
    }

    public static Int of(long value) {
        return value >= 0 && value < SMALL.length ? SMALL[(int) value] : new Int(value);
    }

    @Override
    public int intValue() {
        return (int) value;
    }

    @Override
    public long longValue() {
        return value;
    }

    @Override
    public float floatValue() {
        return value;
    }

    @Override
    public double doubleValue() {
        return value;
    }

    @Override
    public int compareTo(Int other) {
        return Long.compare(value, other.value);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Int i && i.value == value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
