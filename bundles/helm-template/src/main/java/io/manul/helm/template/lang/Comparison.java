package io.manul.helm.template.lang;

import io.manul.helm.template.go.Complex;
import io.manul.helm.template.go.Duration;
import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.List;
import java.util.Map;

/** {@code eq}, {@code lt} and their kin: only kinds that are alike compare, any int with any int. */
final class Comparison {

    private enum Kind { NONE, BOOL, COMPLEX, INT, FLOAT, STRING, UINT }

    private Comparison() {
    }

    private static Kind kind(Object v) {
        return switch (v) {
            case Boolean b -> Kind.BOOL;
            case Complex c -> Kind.COMPLEX;
            case Int i -> Kind.INT;
            case Long l -> Kind.INT;
            case Duration d -> Kind.INT;
            case Double d -> Kind.FLOAT;
            case String s -> Kind.STRING;
            case UInt u -> Kind.UINT;
            case null, default -> Kind.NONE;
        };
    }

    private static long whole(Object v) {
        return switch (v) {
            case Duration d -> d.nanos();
            case UInt u -> u.bits();
            default -> ((Number) v).longValue();
        };
    }

    /** Whether the first equals any of the others. */
    static boolean equal(Object[] args) {
        if (args.length == 1) {
            throw new GoError("missing argument for comparison");
        }
        Object first = Evaluation.unboxed(args[0]);
        for (int i = 1; i < args.length; i++) {
            if (equal(first, Evaluation.unboxed(args[i]))) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(Object a, Object b) {
        Kind k = kind(a);
        Kind l = kind(b);
        if (k != l) {
            if (k == Kind.INT && l == Kind.UINT || k == Kind.UINT && l == Kind.INT) {
                return whole(k == Kind.INT ? a : b) >= 0 && whole(a) == whole(b);
            }
            if (a != null && b != null) {
                throw incompatible(a, b);
            }
            return false;
        }
        return switch (k) {
            case INT, UINT -> whole(a) == whole(b);
            case FLOAT -> ((Double) a).doubleValue() == ((Double) b).doubleValue();
            case NONE -> other(a, b);
            default -> a.equals(b);
        };
    }

    private static boolean other(Object a, Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (!Types.kind(a).equals(Types.kind(b))) {
            throw new GoError("non-comparable types " + Fmt.sprintf("%s", a) + ": " + Types.of(a) + ", " + Types.of(b) + ": " + Fmt.v(b));
        }
        if (b instanceof Map<?, ?> || b instanceof List<?>) {
            throw new GoError("non-comparable type " + Fmt.sprintf("%s", b) + ": " + Types.of(b));
        }
        return a instanceof Struct s && !s.pointer() ? a.equals(b) : a == b;
    }

    private static GoError incompatible(Object a, Object b) {
        return new GoError("incompatible types for comparison: " + Types.of(a) + " and " + Types.of(b));
    }

    static boolean less(Object first, Object second) {
        Object a = Evaluation.unboxed(first);
        Object b = Evaluation.unboxed(second);
        Kind k = kind(a);
        Kind l = kind(b);
        if (k == Kind.NONE || l == Kind.NONE) {
            throw new GoError("invalid type for comparison");
        }
        if (k != l) {
            if (k == Kind.INT && l == Kind.UINT) {
                return whole(a) < 0 || Long.compareUnsigned(whole(a), whole(b)) < 0;
            }
            if (k == Kind.UINT && l == Kind.INT) {
                return whole(b) >= 0 && Long.compareUnsigned(whole(a), whole(b)) < 0;
            }
            throw incompatible(a, b);
        }
        return switch (k) {
            case INT -> whole(a) < whole(b);
            case UINT -> Long.compareUnsigned(whole(a), whole(b)) < 0;
            case FLOAT -> (Double) a < (Double) b;
            case STRING -> ((String) a).compareTo((String) b) < 0;
            default -> throw new GoError("invalid type for comparison");
        };
    }
}
