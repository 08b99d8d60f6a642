package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code semver} and {@code semverCompare}. */
final class Semvers {

    private Semvers() {
    }

    static void add(Table t) {
        t.add("semver", "string", a -> new Value(parse(text(a, 0))));
        t.add("semverCompare", "string,string", a -> {
            Constraint c = Constraint.parse(text(a, 0));
            return c.accepts(parse(text(a, 1)));
        });
    }

    private static Version parse(String text) {
        return Version.parse(text);
    }

    /** A {@code *semver.Version} in a template. */
    private record Value(Version version) implements Struct {

        @Override
        public String type() {
            return "*semver.Version";
        }

        @Override
        public boolean pointer() {
            return true;
        }

        @Override
        public String text() {
            return version.toString();
        }

        @Override
        public Map<String, Object> fields() {
            return new LinkedHashMap<>();
        }

        @Override
        public Func method(String name) {
            return switch (name) {
                case "Major" -> Func.of(name, "", a -> new UInt("uint64", version.major()));
                case "Minor" -> Func.of(name, "", a -> new UInt("uint64", version.minor()));
                case "Patch" -> Func.of(name, "", a -> new UInt("uint64", version.patch()));
                case "Prerelease" -> Func.of(name, "", a -> version.pre());
                case "Metadata" -> Func.of(name, "", a -> version.build());
                case "Original" -> Func.of(name, "", a -> version.original());
                case "String" -> Func.of(name, "", a -> version.toString());
                case "Compare" -> Func.of(name, type(), a -> io.manul.helm.template.go.Int.of(version.compareTo(other(a))));
                case "Equal" -> Func.of(name, type(), a -> version.compareTo(other(a)) == 0);
                case "LessThan" -> Func.of(name, type(), a -> version.compareTo(other(a)) < 0);
                case "GreaterThan" -> Func.of(name, type(), a -> version.compareTo(other(a)) > 0);
                case "LessThanEqual" -> Func.of(name, type(), a -> version.compareTo(other(a)) <= 0);
                case "GreaterThanEqual" -> Func.of(name, type(), a -> version.compareTo(other(a)) >= 0);
                case "IncMajor" -> Func.of(name, "", a -> new Value(new Version(version.major() + 1, 0, 0, "", "", "")));
                case "IncMinor" -> Func.of(name, "", a -> new Value(new Version(version.major(), version.minor() + 1, 0, "", "", "")));
                case "IncPatch" -> Func.of(name, "", a -> new Value(new Version(version.major(), version.minor(),
                        version.patch() + (version.pre().isEmpty() ? 1 : 0), "", "", "")));
                default -> null;
            };
        }

        private static Version other(Object[] a) {
            if (a[0] instanceof Value v) {
                return v.version;
            }
            throw new GoError("runtime error: invalid memory address or nil pointer dereference " + Types.of(a[0]));
        }
    }
}
