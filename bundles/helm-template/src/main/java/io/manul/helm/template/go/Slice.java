package io.manul.helm.template.go;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A list whose elements have one type ({@code []string}); any other {@link List} is Go's {@code []interface {}}. */
public class Slice extends ArrayList<Object> {

    private static final long serialVersionUID = 1;

    /** A nil {@code []interface {}}: empty, and {@code null} in JSON. */
    public static final List<Object> NIL = java.util.Collections.unmodifiableList(new ArrayList<>(0));

    private final String element;

    public Slice(String element) {
        this.element = element;
    }

    public Slice(String element, Collection<?> items) {
        super(items);
        this.element = element;
    }

    public static Slice strings(Collection<String> items) {
        return new Slice("string", items);
    }

    public String element() {
        return element;
    }

    public String type() {
        return "[]" + element;
    }

    /** The method of the list's type, or null. */
    public Func method(String name) {
        return null;
    }

    /** {@code []byte}, from a string's bytes. */
    public static Slice bytes(byte[] data) {
        Slice s = new Slice("uint8");
        for (byte b : data) {
            s.add(new UInt("uint8", b & 0xff));
        }
        return s;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Slice s ? s.element.equals(element) && super.equals(s) : super.equals(o);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
