package io.manul.helm.template.go;

/** Go's {@code complex128}; templates can write one ({@code 1i}) and print it, nothing else. */
public record Complex(double real, double imaginary) {

    @Override
    public String toString() {
        String i = Floats.format(imaginary, 'g', -1);
        return "(" + Floats.format(real, 'g', -1) + (i.startsWith("-") || i.startsWith("+") ? "" : "+") + i + "i)";
    }
}
