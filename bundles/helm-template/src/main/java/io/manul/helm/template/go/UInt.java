package io.manul.helm.template.go;

/** An unsigned number of Go: {@code uint8} (a byte of a string), {@code uint64}. The bits are the value. */
public record UInt(String type, long bits) {

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
