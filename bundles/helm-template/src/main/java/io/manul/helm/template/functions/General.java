package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoJson;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Types;
import java.util.zip.Adler32;

/** Defaults, reflection, encodings, hashes, paths. */
final class General {

    private General() {
    }

    static void add(Table t) {
        t.add("default", "any,any...", a -> a.length < 2 || Casts.empty(a[1]) ? a[0] : a[1]);
        t.add("empty", "any", a -> Casts.empty(a[0]));
        t.add("coalesce", "any...", a -> {
            for (Object v : a) {
                if (!Casts.empty(v)) {
                    return v;
                }
            }
            return null;
        });
        t.add("all", "any...", a -> java.util.Arrays.stream(a).noneMatch(Casts::empty));
        t.add("any", "any...", a -> !java.util.Arrays.stream(a).allMatch(Casts::empty));
        t.add("ternary", "any,any,bool", a -> (Boolean) a[2] ? a[0] : a[1]);
        t.add("typeOf", "any", a -> Types.of(a[0]));
        t.add("typeIs", "string,any", a -> a[0].equals(Types.of(a[1])));
        t.add("typeIsLike", "string,any", a -> a[0].equals(Types.of(a[1])) || ("*" + a[0]).equals(Types.of(a[1])));
        t.add("kindOf", "any", a -> Types.kind(a[0]));
        t.add("kindIs", "string,any", a -> a[0].equals(Types.kind(a[1])));
        t.add("deepEqual", "any,any", a -> Types.deepEqual(a[0], a[1]));
        t.add("fail", "string", a -> {
            throw new GoError(text(a, 0));
        });
        json(t);
        encodings(t);
        paths(t);
    }

    private static void json(Table t) {
        t.add("mustToJson", "any", a -> GoJson.marshal(a[0]));
        t.add("toPrettyJson", "any", a -> quiet(() -> GoJson.pretty(a[0]), ""));
        t.add("mustToPrettyJson", "any", a -> GoJson.pretty(a[0]));
        t.both("toRawJson", "any", a -> GoJson.raw(a[0]));
        t.add("mustFromJson", "string", a -> GoJson.unmarshal(text(a, 0)));
    }

    static Object quiet(java.util.function.Supplier<Object> what, Object otherwise) {
        try {
            return what.get();
        } catch (GoError e) {
            return otherwise;
        }
    }

    private static void encodings(Table t) {
        t.add("b64enc", "string", a -> java.util.Base64.getEncoder().encodeToString(Text.bytes(text(a, 0))));
        t.add("b64dec", "string", a -> Bases.base64(text(a, 0)));
        t.add("b32enc", "string", a -> Bases.toBase32(Text.bytes(text(a, 0))));
        t.add("b32dec", "string", a -> Bases.base32(text(a, 0)));
        t.add("sha1sum", "string", a -> Hashes.hex("SHA-1", text(a, 0)));
        t.add("sha256sum", "string", a -> Hashes.hex("SHA-256", text(a, 0)));
        t.add("sha512sum", "string", a -> Hashes.hex("SHA-512", text(a, 0)));
        t.add("adler32sum", "string", a -> {
            Adler32 sum = new Adler32();
            sum.update(Text.bytes(text(a, 0)));
            return Long.toString(sum.getValue());
        });
    }

    private static void paths(Table t) {
        for (String prefix : new String[] {"", "os"}) {
            t.add(name(prefix, "base"), "string", a -> Paths.base(text(a, 0)));
            t.add(name(prefix, "dir"), "string", a -> Paths.dir(text(a, 0)));
            t.add(name(prefix, "clean"), "string", a -> Paths.clean(text(a, 0)));
            t.add(name(prefix, "ext"), "string", a -> Paths.ext(text(a, 0)));
            t.add(name(prefix, "isAbs"), "string", a -> text(a, 0).startsWith("/"));
        }
    }

    private static String name(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

}
