package io.manul.apiserver.openapi;

import io.manul.json.Obj;
import io.manul.schema.Resource;
import io.manul.schema.Subresource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A custom kind as in the page "Extend the Kubernetes API with CustomResourceDefinitions". */
final class Crontabs {

    private static final List<String> VERBS = List.of("delete", "deletecollection", "get", "list", "patch", "create", "update",
            "watch");

    private Crontabs() {
    }

    static DynamicTypes at(String revision, String... versions) {
        List<DynamicTypes.CustomKind> kinds = Stream.of(versions)
                .map(v -> new DynamicTypes.CustomKind(resource(v), schema())).toList();
        return new DynamicTypes() {
            @Override
            public List<CustomKind> kinds() {
                return kinds;
            }

            @Override
            public String revision() {
                return revision;
            }
        };
    }

    private static Resource resource(String version) {
        return new Resource("stable.example.com", version, "crontabs", "crontab", "CronTab", "CronTabList", true, VERBS,
                List.of("ct"), List.of("all"), List.of(
                        new Subresource("status", "stable.example.com", version, "CronTab", List.of("get", "patch", "update")),
                        new Subresource("scale", "autoscaling", "v1", "Scale", List.of("get", "patch", "update"))), "", "");
    }

    private static Map<String, Object> schema() {
        return Obj.parse("""
                {"type":"object","description":"A cron tab.","properties":{
                  "spec":{"type":"object","required":["cronSpec"],"properties":{
                    "cronSpec":{"type":"string","pattern":"^(\\\\d+|\\\\*)(/\\\\d+)?(\\\\s+(\\\\d+|\\\\*)(/\\\\d+)?){4}$"},
                    "image":{"type":"string","nullable":true},
                    "limit":{"x-kubernetes-int-or-string":true},
                    "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
                    "replicas":{"type":"integer","minimum":1,"maximum":10,"default":1}}},
                  "status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}
                """).map();
    }
}
