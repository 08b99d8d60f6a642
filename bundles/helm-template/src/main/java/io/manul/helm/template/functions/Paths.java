package io.manul.helm.template.functions;

import java.util.ArrayList;
import java.util.List;

/** Go's package path. */
public final class Paths {

    private Paths() {
    }

    public static String clean(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        boolean rooted = path.startsWith("/");
        List<String> out = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (!part.equals("..")) {
                out.add(part);
            } else if (!out.isEmpty() && !out.getLast().equals("..")) {
                out.removeLast();
            } else if (!rooted) {
                out.add(part);
            }
        }
        String joined = (rooted ? "/" : "") + String.join("/", out);
        return joined.isEmpty() ? "." : joined;
    }

    public static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        String p = path.replaceFirst("/+$", "");
        return p.isEmpty() ? "/" : p.substring(p.lastIndexOf('/') + 1);
    }

    static String dir(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    public static String ext(String path) {
        int dot = path.lastIndexOf('.');
        return dot >= 0 && dot > path.lastIndexOf('/') ? path.substring(dot) : "";
    }

    /** path.Join of two. */
    public static String join(String a, String b) {
        return clean(a + "/" + b);
    }
}
