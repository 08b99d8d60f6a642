package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.from;
import static io.manul.helm.template.functions.Table.number;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Ints;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.lang.Limits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Numbers. */
final class Maths {

    private Maths() {
    }

    static void add(Table t) {
        t.add("atoi", "string", a -> {
            Long l = Ints.parse(text(a, 0), 10);
            return Int.of(l == null ? 0 : l);
        });
        t.add("int64", "any", a -> Casts.whole(a[0]));
        t.add("int", "any", a -> Int.of(Casts.whole(a[0])));
        t.add("float64", "any", a -> Casts.floating(a[0]));
        t.add("toDecimal", "any", a -> {
            Long l = Ints.parse(Fmt.v(a[0]), 8);
            return l == null ? 0L : l;
        });
        t.add("add1", "any", a -> Casts.whole(a[0]) + 1);
        t.add("add", "any...", a -> whole(0L, a, Long::sum));
        t.add("sub", "any,any", a -> Casts.whole(a[0]) - Casts.whole(a[1]));
        t.add("div", "any,any", a -> Casts.whole(a[0]) / divisor(a[1]));
        t.add("mod", "any,any", a -> Casts.whole(a[0]) % divisor(a[1]));
        t.add("mul", "any,any...", a -> whole(Casts.whole(a[0]), from(a, 1), (x, y) -> x * y));
        for (String name : new String[] {"max", "biggest"}) {
            t.add(name, "any,any...", a -> whole(Casts.whole(a[0]), from(a, 1), Math::max));
        }
        t.add("min", "any,any...", a -> whole(Casts.whole(a[0]), from(a, 1), Math::min));
        t.add("maxf", "any,any...", a -> floating(a, Math::max));
        t.add("minf", "any,any...", a -> floating(a, Math::min));
        t.add("add1f", "any", a -> decimal(a[0], new Object[] {Int.of(1)}, BigDecimal::add));
        t.add("addf", "any...", a -> decimal(0.0, a, BigDecimal::add));
        t.add("subf", "any,any...", a -> decimal(a[0], from(a, 1), BigDecimal::subtract));
        t.add("mulf", "any,any...", a -> decimal(a[0], from(a, 1), BigDecimal::multiply));
        t.add("divf", "any,any...", a -> decimal(a[0], from(a, 1), Maths::divide));
        t.add("ceil", "any", a -> Math.ceil(Casts.floating(a[0])));
        t.add("floor", "any", a -> Math.floor(Casts.floating(a[0])));
        t.add("round", "any,int,float64...", Maths::round);
        t.add("until", "int", a -> steps(0, number(a, 0), number(a, 0) < 0 ? -1 : 1));
        t.add("untilStep", "int,int,int", a -> steps(number(a, 0), number(a, 1), number(a, 2)));
        t.add("seq", "int...", Maths::seq);
    }

    private static long divisor(Object v) {
        long n = Casts.whole(v);
        if (n == 0) {
            throw new GoError("runtime error: integer divide by zero");
        }
        return n;
    }

    private static Object whole(long first, Object[] others, LongBinaryOperator op) {
        long n = first;
        for (Object o : others) {
            n = op.applyAsLong(n, Casts.whole(o));
        }
        return n;
    }

    private static Object floating(Object[] a, DoubleBinaryOperator op) {
        double d = Casts.floating(a[0]);
        for (int i = 1; i < a.length; i++) {
            d = op.applyAsDouble(d, Casts.floating(a[i]));
        }
        return d;
    }

    private static Object decimal(Object first, Object[] others, BinaryOperator<BigDecimal> op) {
        BigDecimal d = big(first);
        for (Object o : others) {
            d = op.apply(d, big(o));
        }
        return d.doubleValue();
    }

    private static BigDecimal big(Object v) {
        double d = Casts.floating(v);
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            throw new GoError("Cannot create a Decimal from " + io.manul.helm.template.go.Floats.format(d, 'g', -1));
        }
        return new BigDecimal(Double.toString(d));
    }

    /** shopspring/decimal: 16 digits after the point. */
    private static BigDecimal divide(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw new GoError("decimal division by 0");
        }
        return a.divide(b, 16, RoundingMode.HALF_UP);
    }

    private static Object round(Object[] a) {
        double on = a.length > 2 ? (Double) a[2] : 0.5;
        double pow = Math.pow(10, number(a, 1));
        double digit = pow * Casts.floating(a[0]);
        double whole = digit < 0 ? Math.ceil(digit) : Math.floor(digit);
        double rounded = digit - whole >= on ? Math.ceil(digit) : Math.floor(digit);
        return rounded / pow;
    }

    private static Slice steps(long start, long stop, long step) {
        Slice out = new Slice("int");
        if (stop < start ? step >= 0 : step <= 0) {
            return out;
        }
        Limits.size(Math.abs((stop - start) / step));
        for (long i = start; stop < start ? i > stop : i < stop; i += step) {
            out.add(Int.of(i));
        }
        return out;
    }

    private static String seq(Object[] a) {
        if (a.length == 0 || a.length > 3) {
            return "";
        }
        long start = a.length == 1 ? 1 : number(a, 0);
        long end = number(a, a.length - 1);
        long increment = end < start ? -1 : 1;
        long step = a.length == 3 ? number(a, 1) : increment;
        if (a.length == 3 && end < start && step > 0) {
            return "";
        }
        StringBuilder b = new StringBuilder();
        steps(start, end + increment, step).forEach(i -> b.append(b.isEmpty() ? "" : " ").append(i));
        return b.toString();
    }
}
