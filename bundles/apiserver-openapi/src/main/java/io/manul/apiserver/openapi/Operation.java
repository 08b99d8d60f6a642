package io.manul.apiserver.openapi;

import io.manul.schema.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One method of one path.
 *
 * @param method in lower case
 * @param action x-kubernetes-action: get, list, post, put, patch, delete, deletecollection, connect; empty for discovery
 * @param query names of query parameters: see {@link Parameters}
 * @param consumes media types of the body; empty where there is none
 * @param body type name of the body; empty where there is none
 * @param produces media type of the answer
 * @param response type name of the answer; empty for text
 */
record Operation(String path, String method, String action, String id, String description, List<String> query,
        List<String> consumes, String body, String produces, String response, int code, GroupVersionKind kind) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    /** {@code namespace}, {@code name}. */
    List<String> pathParameters() {
        List<String> names = new ArrayList<>();
        for (Matcher m = PLACEHOLDER.matcher(path); m.find();) {
            names.add(m.group(1));
        }
        return names;
    }
}
