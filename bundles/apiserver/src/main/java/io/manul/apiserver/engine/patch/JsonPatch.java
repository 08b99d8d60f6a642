package io.manul.apiserver.engine.patch;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** JSON Patch (RFC 6902) with JSON Pointers (RFC 6901). */
public final class JsonPatch {

    /** As upstream's limit of operations in one patch. */
    static final int MAX_OPERATIONS = 10_000;

    /** As upstream's limit of what the copies of one patch may add. */
    private static final int MAX_COPIED_CHARS = 3 << 20;

    private static final Object MISSING = new Object();

    private Object root;
    private long copiedChars;

    private JsonPatch(Object root) {
        this.root = root;
    }

    /** The patched value; {@code target} may be changed in place. */
    public static Object apply(Object target, Object patch) throws ApiException {
        if (!(patch instanceof List<?> operations)) {
            throw ApiException.badRequest("error decoding patch: a JSON patch is a list of operations");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw ApiException.tooLarge("The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                    + operations.size());
        }
        JsonPatch run = new JsonPatch(target);
        for (Object operation : operations) {
            run.step(Obj.from(operation).orElseThrow(
                    () -> ApiException.badRequest("error decoding patch: an operation is not an object")));
        }
        return run.root;
    }

    private void step(Obj operation) throws ApiException {
        String op = operation.text("op");
        String path = operation.text("path");
        switch (op) {
            case "add" -> add(path, Json.copy(value(operation)));
            case "remove" -> remove(path);
            case "replace" -> replace(path, Json.copy(value(operation)));
            case "move" -> {
                Object moved = find(operation.text("from"), op);
                remove(operation.text("from"));
                add(path, moved);
            }
            case "copy" -> add(path, copied(find(operation.text("from"), op)));
            case "test" -> test(path, value(operation));
            default -> throw ApiException.badRequest("error decoding patch: unexpected kind of operation: \"" + op + "\"");
        }
    }

    /** A patch that copies what it copied grows by powers of two. */
    private Object copied(Object value) throws ApiException {
        copiedChars += Json.text(value).length();
        if (copiedChars > MAX_COPIED_CHARS) {
            throw ApiException.tooLarge("unable to complete the copy, the accumulated size increase of copy is " + copiedChars
                    + ", exceeding the limit " + MAX_COPIED_CHARS);
        }
        return Json.copy(value);
    }

    private static Object value(Obj operation) throws ApiException {
        if (!operation.map().containsKey("value")) {
            throw ApiException.badRequest("error decoding patch: operation \"" + operation.text("op") + "\" at "
                    + operation.text("path") + " has no value");
        }
        return operation.get("value");
    }

    private void test(String path, Object expected) throws ApiException {
        Object there = lookUp(path);
        if (!same(there == MISSING ? null : there, expected)) {
            throw unprocessable("testing value " + path + " failed: test failed");
        }
    }

    private static boolean same(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return x.equals(y) || x.doubleValue() == y.doubleValue();
        }
        return Objects.equals(a, b);
    }

    private void replace(String path, Object value) throws ApiException {
        if (path.isEmpty()) {
            root = value;
            return;
        }
        find(path, "replace");
        switch (parent(path, "replace")) {
            case Map<?, ?> m -> asMap(m).put(last(path), value);
            case List<?> l -> asList(l).set(index(l, last(path), l.size() - 1, path), value);
            default -> throw missing("replace", path);
        }
    }

    private void add(String path, Object value) throws ApiException {
        if (path.isEmpty()) {
            root = value;
            return;
        }
        String key = last(path);
        switch (parent(path, "add")) {
            case Map<?, ?> m -> asMap(m).put(key, value);
            case List<?> l -> asList(l).add(key.equals("-") ? l.size() : index(l, key, l.size(), path), value);
            default -> throw missing("add", path);
        }
    }

    private void remove(String path) throws ApiException {
        if (path.isEmpty()) {
            throw missing("remove", path); // the whole document stays
        }
        find(path, "remove");
        switch (parent(path, "remove")) {
            case Map<?, ?> m -> asMap(m).remove(last(path));
            case List<?> l -> asList(l).remove(index(l, last(path), l.size() - 1, path));
            default -> throw missing("remove", path);
        }
    }

    private Object parent(String path, String op) throws ApiException {
        return find(path.substring(0, path.lastIndexOf('/')), op);
    }

    private Object find(String path, String op) throws ApiException {
        Object there = lookUp(path);
        if (there == MISSING || there == null && !path.isEmpty() && parentMissing(path)) {
            throw missing(op, path);
        }
        return there;
    }

    private boolean parentMissing(String path) throws ApiException {
        return lookUp(path.substring(0, path.lastIndexOf('/'))) == MISSING;
    }

    private Object lookUp(String path) throws ApiException {
        Object at = root;
        for (String segment : segments(path)) {
            if (at instanceof Map<?, ?> m) {
                at = m.containsKey(segment) ? m.get(segment) : MISSING;
            } else if (at instanceof List<?> l) {
                int i = index(l, segment, l.size(), path);
                at = i < l.size() ? l.get(i) : MISSING;
            } else {
                return MISSING;
            }
        }
        return at;
    }

    private static List<String> segments(String path) throws ApiException {
        if (path.isEmpty()) {
            return List.of();
        }
        if (path.charAt(0) != '/') {
            throw ApiException.badRequest("error decoding patch: path \"" + path + "\" does not begin with /");
        }
        List<String> out = new ArrayList<>();
        Arrays.stream(path.substring(1).split("/", -1)).forEach(s -> out.add(unescape(s)));
        return out;
    }

    private static String unescape(String segment) {
        return segment.replace("~1", "/").replace("~0", "~");
    }

    private static String last(String path) {
        return unescape(path.substring(path.lastIndexOf('/') + 1));
    }

    private static int index(List<?> list, String segment, int highest, String path) throws ApiException {
        try {
            int i = Integer.parseInt(segment);
            int at = i < 0 ? list.size() + i : i;
            if (at >= 0 && at <= highest) {
                return at;
            }
        } catch (NumberFormatException e) {
            throw unprocessable("the path " + path + " names \"" + segment + "\" where a list index is expected");
        }
        throw unprocessable("the index " + segment + " of " + path + " is out of bounds: the list has " + list.size()
                + " items");
    }

    private static ApiException missing(String op, String path) {
        return unprocessable(op + " operation does not apply: doc is missing path: \"" + path + "\": missing value");
    }

    private static ApiException unprocessable(String why) {
        return new ApiException(422, "Invalid", "the server rejected our request due to an error in our request: " + why, null);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Map<?, ?> m) {
        return (Map<String, Object>) m;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> asList(List<?> l) {
        return (List<Object>) l;
    }
}
