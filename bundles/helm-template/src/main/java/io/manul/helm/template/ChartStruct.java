package io.manul.helm.template;

import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Struct;
import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code .Chart}: Chart.yaml under its Go names. */
final class ChartStruct implements Struct {

    private final Map<String, Object> fields;
    private final Map<String, Object> json = new LinkedHashMap<>();

    ChartStruct(Work w) {
        Obj m = w.chart.metadata;
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Name", w.name());
        all.put("Home", m.text("home"));
        all.put("Sources", Slice.strings(m.strings("sources")));
        for (String text : List.of("Version", "Description")) {
            all.put(text, m.text(text.toLowerCase(java.util.Locale.ROOT)));
        }
        all.put("Keywords", Slice.strings(m.strings("keywords")));
        Slice people = new Slice("*chart.Maintainer");
        for (Obj p : m.objects("maintainers")) {
            people.add(new Part("*chart.Maintainer", Map.of("Name", p.text("name"), "Email", p.text("email"), "URL", p.text("url"))));
        }
        all.put("Maintainers", people);
        all.put("Icon", m.text("icon"));
        all.put("APIVersion", m.text("apiVersion"));
        all.put("Condition", m.text("condition"));
        all.put("Tags", m.text("tags"));
        all.put("AppVersion", m.text("appVersion"));
        all.put("Deprecated", m.flag("deprecated"));
        GoMap annotations = new GoMap(GoMap.STRINGS);
        annotations.putAll(m.stringMap("annotations"));
        all.put("Annotations", annotations);
        all.put("KubeVersion", m.text("kubeVersion"));
        Slice dependencies = new Slice("*chart.Dependency");
        w.dependencies().forEach(d -> dependencies.add(new Part("*chart.Dependency", dependency(d))));
        all.put("Dependencies", dependencies);
        all.put("Type", m.text("type"));
        all.put("IsRoot", w.parent == null);
        this.fields = all;
        json.putAll(m.map());
        json.put("name", w.name());
        json.put("IsRoot", w.parent == null);
    }

    private static Map<String, Object> dependency(Dependency d) {
        Map<String, Object> f = new LinkedHashMap<>();
        f.put("Name", d.key());
        f.put("Version", d.version());
        f.put("Repository", d.repository());
        f.put("Condition", d.condition());
        f.put("Tags", Slice.strings(d.tags()));
        f.put("Enabled", true);
        f.put("ImportValues", new java.util.ArrayList<>(d.importValues()));
        f.put("Alias", d.alias());
        return f;
    }

    private record Part(String type, Map<String, Object> fields) implements Struct {
        @Override
        public boolean pointer() {
            return type.startsWith("*");
        }
    }

    @Override
    public Object json() {
        return json;
    }

    @Override
    public String type() {
        return "struct { chart.Metadata; IsRoot bool }";
    }

    @Override
    public Map<String, Object> fields() {
        return fields;
    }
}
