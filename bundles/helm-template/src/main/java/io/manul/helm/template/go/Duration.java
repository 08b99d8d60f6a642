package io.manul.helm.template.go;

/** Go's {@code time.Duration}. */
public record Duration(long nanos) {

    @Override
    public String toString() {
        return Durations.format(nanos);
    }
}
