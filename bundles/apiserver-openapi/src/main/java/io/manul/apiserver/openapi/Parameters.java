package io.manul.apiserver.openapi;

import java.util.List;
import java.util.Map;

/** Query and path parameters of the API (API reference, "Common Parameters"): which operation takes which, type and text. */
final class Parameters {

    record Parameter(String type, String text) {
    }

    static final List<String> LIST = List.of("allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit",
            "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch");
    static final List<String> WRITE = List.of("dryRun", "fieldManager", "fieldValidation");
    static final List<String> PATCH = List.of("dryRun", "fieldManager", "fieldValidation", "force");
    static final List<String> DELETE = List.of("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy");
    static final List<String> DELETE_COLLECTION = List.of("continue", "dryRun", "fieldSelector", "gracePeriodSeconds",
            "labelSelector", "limit", "orphanDependents", "propagationPolicy", "resourceVersion", "resourceVersionMatch",
            "sendInitialEvents", "timeoutSeconds");

    private static final Map<String, List<String>> SUBRESOURCES = Map.of(
            "log", List.of("container", "follow", "insecureSkipTLSVerifyBackend", "limitBytes", "previous", "sinceSeconds",
                    "stream", "tailLines", "timestamps"),
            "exec", List.of("command", "container", "stderr", "stdin", "stdout", "tty"),
            "attach", List.of("container", "stderr", "stdin", "stdout", "tty"),
            "portforward", List.of("ports"),
            "proxy", List.of("path"));

    private static final Map<String, Parameter> ALL = Map.ofEntries(
            Map.entry("namespace", new Parameter("string", "name of the namespace")),
            Map.entry("name", new Parameter("string", "name of the object")),
            Map.entry("allowWatchBookmarks", new Parameter("boolean", "the watch may send BOOKMARK events")),
            Map.entry("continue", new Parameter("string", "the token of the list's previous part")),
            Map.entry("fieldSelector", new Parameter("string", "only objects whose fields have these values")),
            Map.entry("labelSelector", new Parameter("string", "only objects whose labels match")),
            Map.entry("limit", new Parameter("integer", "the most objects in one part of a list")),
            Map.entry("resourceVersion", new Parameter("string", "the version that the answer must match or begin after")),
            Map.entry("resourceVersionMatch", new Parameter("string", "how resourceVersion is applied to a list: Exact or "
                    + "NotOlderThan")),
            Map.entry("sendInitialEvents", new Parameter("boolean", "the watch begins with what exists, then a bookmark")),
            Map.entry("timeoutSeconds", new Parameter("integer", "the longest time for the call, in seconds")),
            Map.entry("watch", new Parameter("boolean", "stream changes instead of listing")),
            Map.entry("dryRun", new Parameter("string", "All: do everything but store the result")),
            Map.entry("fieldManager", new Parameter("string", "the name of who makes the change")),
            Map.entry("fieldValidation", new Parameter("string", "what unknown or duplicate fields do: Ignore, Warn or Strict")),
            Map.entry("force", new Parameter("boolean", "take over fields that others manage; apply patches only")),
            Map.entry("gracePeriodSeconds", new Parameter("integer", "seconds before the object goes; 0 is at once")),
            Map.entry("orphanDependents", new Parameter("boolean", "deprecated, see propagationPolicy")),
            Map.entry("propagationPolicy", new Parameter("string", "what happens to dependents: Orphan, Background or Foreground")),
            Map.entry("container", new Parameter("string", "the container; the only one where there is one")),
            Map.entry("follow", new Parameter("boolean", "go on with new lines")),
            Map.entry("insecureSkipTLSVerifyBackend", new Parameter("boolean", "trust the node's certificate unseen")),
            Map.entry("limitBytes", new Parameter("integer", "the most bytes of the answer")),
            Map.entry("previous", new Parameter("boolean", "of the container's previous run")),
            Map.entry("sinceSeconds", new Parameter("integer", "not older than this many seconds")),
            Map.entry("stream", new Parameter("string", "All, Stdout or Stderr")),
            Map.entry("tailLines", new Parameter("integer", "the last lines only")),
            Map.entry("timestamps", new Parameter("boolean", "each line begins with its time")),
            Map.entry("command", new Parameter("string", "one word of the command; given again for each")),
            Map.entry("stderr", new Parameter("boolean", "pass on standard error")),
            Map.entry("stdin", new Parameter("boolean", "pass on standard input")),
            Map.entry("stdout", new Parameter("boolean", "pass on standard output")),
            Map.entry("tty", new Parameter("boolean", "with a terminal")),
            Map.entry("ports", new Parameter("integer", "the ports to forward")),
            Map.entry("path", new Parameter("string", "the path to ask for")));

    private Parameters() {
    }

    static Parameter of(String name) {
        return ALL.get(name);
    }

    static List<String> ofSubresource(String name) {
        return SUBRESOURCES.getOrDefault(name, List.of());
    }
}
