package io.manul.helm.template.functions;

import io.manul.helm.template.go.Duration;
import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.Ints;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.List;
import java.util.Map;

/** Conversions that never fail: what cannot be converted is zero. */
final class Casts {

    private Casts() {
    }

    static long whole(Object v) {
        return switch (v) {
            case Double d -> Double.isNaN(d) || d >= 0x1p63 || d < -0x1p63 ? Long.MIN_VALUE : (long) (double) d;
            case Number n -> n.longValue();
            case UInt u -> u.bits();
            case Boolean b -> b ? 1 : 0;
            case String s -> {
                Long l = Ints.parse(trimZeroDecimal(s));
                yield l == null ? 0 : l;
            }
            case null, default -> 0;
        };
    }

    private static String trimZeroDecimal(String s) {
        boolean zero = false;
        for (int i = s.length(); i > 0; i--) {
            char c = s.charAt(i - 1);
            if (c == '.') {
                if (zero) {
                    return s.substring(0, i - 1);
                }
            } else if (c == '0') {
                zero = true;
            } else {
                return s;
            }
        }
        return s;
    }

    static double floating(Object v) {
        return switch (v) {
            case Number n -> n.doubleValue();
            case UInt u -> u.bits();
            case Boolean b -> b ? 1 : 0;
            case String s -> {
                Double d = Floats.parse(s);
                yield d == null ? 0 : d;
            }
            case null, default -> 0;
        };
    }

    /** Sprig's strval. */
    static String text(Object v) {
        return switch (v) {
            case String s -> s;
            case Slice s when s.element().equals("uint8") -> Fmt.sprintf("%s", s);
            case Struct s when s.text() != null -> s.text();
            case Duration d -> d.toString();
            case null, default -> Fmt.v(v);
        };
    }

    /** Sprig's strslice: nil elements are left out. */
    static List<String> texts(Object v) {
        return switch (v) {
            case null -> List.of();
            case Slice s when s.element().equals("string") -> s.stream().map(o -> (String) o).toList();
            case List<?> l -> l.stream().filter(o -> o != null).map(Casts::text).toList();
            default -> List.of(text(v));
        };
    }

    /** Sprig's empty. */
    static boolean empty(Object v) {
        return switch (v) {
            case Map<?, ?> m -> m.isEmpty();
            case Struct s -> false;
            case null, default -> !Types.truth(v);
        };
    }
}
