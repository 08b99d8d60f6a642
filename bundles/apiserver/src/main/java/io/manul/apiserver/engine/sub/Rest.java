package io.manul.apiserver.engine.sub;

/** What of a request's target follows {@code /proxy}, as received: percent-encoding and a slash at the end stay. */
final class Rest {

    private Rest() {
    }

    /** @param cluster the object has no namespace. @return path (may be empty) and query */
    static String of(String target, boolean cluster) {
        int segments = cluster ? 5 : 7; // /api/v1[/namespaces/NS]/RESOURCE/NAME/proxy
        int at = 0;
        while (segments > 0 && at < target.length()) {
            int begin = at;
            while (begin < target.length() && target.charAt(begin) == '/') {
                begin++;
            }
            int end = begin;
            while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
                end++;
            }
            at = end;
            segments--;
        }
        return target.substring(at);
    }

    static String path(String rest) {
        int query = rest.indexOf('?');
        return query < 0 ? rest : rest.substring(0, query);
    }

    static String query(String rest) {
        int query = rest.indexOf('?');
        return query < 0 ? "" : rest.substring(query);
    }

    /** The path that stands before the back-end's own. */
    static String prefix(String target, String rest) {
        return target.substring(0, target.length() - rest.length());
    }
}
