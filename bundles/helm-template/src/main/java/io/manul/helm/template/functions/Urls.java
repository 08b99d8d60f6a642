package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.map;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Types;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** {@code urlParse} and {@code urlJoin}, as Go's net/url (RFC 3986) reads and writes. */
final class Urls {

    private Urls() {
    }

    static void add(Table t) {
        t.add("urlParse", "string", a -> parse(text(a, 0)));
        t.add("urlJoin", "map", a -> join(map(a, 0)));
    }

    private static GoMap parse(String url) {
        GoMap m = new GoMap();
        String rest = url;
        if (rest.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw bad(url, "net/url: invalid control character in URL");
        }
        int hash = rest.indexOf('#');
        m.put("fragment", hash < 0 ? "" : decoded(url, rest.substring(hash + 1)));
        rest = hash < 0 ? rest : rest.substring(0, hash);
        String scheme = "";
        java.util.regex.Matcher s = java.util.regex.Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):").matcher(rest);
        if (s.find()) {
            scheme = s.group(1).toLowerCase(java.util.Locale.ROOT);
            rest = rest.substring(s.end());
        } else if (rest.startsWith(":")) {
            throw bad(url, "missing protocol scheme");
        }
        m.put("scheme", scheme);
        int question = rest.indexOf('?');
        m.put("query", question < 0 ? "" : rest.substring(question + 1));
        rest = question < 0 ? rest : rest.substring(0, question);
        m.put("opaque", "");
        m.put("host", "");
        m.put("hostname", "");
        m.put("userinfo", "");
        if (!rest.startsWith("/") && !scheme.isEmpty()) {
            m.put("opaque", rest);
            m.put("path", "");
            return m;
        }
        if (!rest.startsWith("/") && rest.split("/", 2)[0].contains(":")) {
            throw bad(url, "first path segment in URL cannot contain colon");
        }
        if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
            int slash = rest.indexOf('/', 2);
            authority(url, m, slash < 0 ? rest.substring(2) : rest.substring(2, slash));
            rest = slash < 0 ? "" : rest.substring(slash);
        }
        m.put("path", decoded(url, rest));
        return m;
    }

    private static void authority(String url, GoMap m, String authority) {
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        if (at >= 0) {
            String[] user = authority.substring(0, at).split(":", 2);
            m.put("userinfo", encoded(decoded(url, user[0]), "$&+,;=") + (user.length > 1 ? ":" + encoded(decoded(url, user[1]), "$&+,;=") : ""));
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon >= 0 && host.indexOf(']', colon) < 0;
        if (port && !host.substring(colon + 1).matches("[0-9]*")) {
            throw bad(url, "invalid port " + Text.quote(host.substring(colon)) + " after host");
        }
        if (host.contains(" ")) {
            throw bad(url, "invalid character \" \" in host name");
        }
        String name = port ? host.substring(0, colon) : host;
        m.put("host", decoded(url, host));
        m.put("hostname", name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : decoded(url, name));
    }

    private static GoError bad(String url, String why) {
        return new GoError("unable to parse url: parse " + Text.quote(url) + ": " + why);
    }

    private static String decoded(String url, String s) {
        if (s.indexOf('%') < 0) {
            return s;
        }
        byte[] in = Text.bytes(s);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.write(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw bad(url, "invalid URL escape " + Text.quote(Text.of(java.util.Arrays.copyOfRange(in, i, Math.min(in.length, i + 3)))));
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return Text.of(out.toByteArray());
    }

    private static String encoded(String s, String kept) {
        StringBuilder b = new StringBuilder();
        for (byte x : Text.bytes(s)) {
            int c = x & 0xff;
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0 || kept.indexOf(c) >= 0);
            b.append(plain ? Character.toString(c) : String.format("%%%02X", c));
        }
        return b.toString();
    }

    private static String get(Map<String, Object> m, String key) {
        if (!m.containsKey(key)) {
            return "";
        }
        if (m.get(key) instanceof String s) {
            return s;
        }
        throw new GoError("unable to parse " + key + " key, must be of type string, but " + Types.kind(m.get(key)) + " found");
    }

    private static String join(Map<String, Object> m) {
        String scheme = get(m, "scheme");
        String host = get(m, "host");
        String path = get(m, "path");
        String query = get(m, "query");
        String opaque = get(m, "opaque");
        String fragment = get(m, "fragment");
        String user = get(m, "userinfo");
        StringBuilder b = new StringBuilder(scheme.isEmpty() ? "" : scheme + ":");
        if (!opaque.isEmpty()) {
            b.append(opaque);
        } else {
            if (!scheme.isEmpty() || !host.isEmpty() || !user.isEmpty()) {
                if (!host.isEmpty() || !path.isEmpty() || !user.isEmpty()) {
                    b.append("//");
                }
                if (!user.isEmpty()) {
                    String[] parts = user.split(":", 2);
                    b.append(encoded(decoded(user, parts[0]), "$&+,;=")).append(parts.length > 1 ? ":" + encoded(decoded(user, parts[1]), "$&+,;=") : "")
                            .append('@');
                }
                b.append(encoded(host, "!$&'()*+,;=:[]<>\""));
            }
            String escaped = encoded(path, "$&+,/:;=@");
            if (!escaped.isEmpty() && !escaped.startsWith("/") && !host.isEmpty()) {
                b.append('/');
            }
            if (b.isEmpty() && escaped.split("/", 2)[0].contains(":")) {
                b.append("./");
            }
            b.append(escaped);
        }
        if (!query.isEmpty()) {
            b.append('?').append(query);
        }
        if (!fragment.isEmpty()) {
            b.append('#').append(encoded(fragment, "$&+,/:;=?@!()*"));
        }
        return b.toString();
    }
}
