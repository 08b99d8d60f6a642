package io.manul.helm.template;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Struct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code .Capabilities} and the structs in it. */
record CapabilitiesStruct(String type, Map<String, Object> fields, String text, boolean pointer) implements Struct {

    static CapabilitiesStruct of(Capabilities c) {
        Map<String, Object> kube = new LinkedHashMap<>();
        kube.put("Version", c.kubeVersion());
        kube.put("Major", c.major());
        kube.put("Minor", c.minor());
        Map<String, Object> helm = new LinkedHashMap<>();
        helm.put("Version", Capabilities.HELM_VERSION);
        helm.put("GitCommit", "");
        helm.put("GitTreeState", "");
        helm.put("GoVersion", "");
        Map<String, Object> all = new LinkedHashMap<>();
        // KubeVersion's String has a pointer receiver, and the field of a pointed-to struct can be pointed to
        all.put("KubeVersion", new CapabilitiesStruct("chartutil.KubeVersion", kube, c.kubeVersion(), false));
        all.put("APIVersions", new Versions(c.apiVersions()));
        all.put("HelmVersion", new CapabilitiesStruct("version.BuildInfo", helm, null, false));
        return new CapabilitiesStruct("*chartutil.Capabilities", all, null, true);
    }

    @Override
    public Object json() {
        return fields;
    }

    @Override
    public Func method(String name) {
        return type.equals("chartutil.KubeVersion") && (name.equals("String") || name.equals("GitVersion"))
                ? Func.of(name, "", a -> text) : null;
    }

    /** A list that answers {@code Has}. */
    private static final class Versions extends Slice {

        private static final long serialVersionUID = 1;

        Versions(List<String> versions) {
            super("string", versions);
        }

        @Override
        public String type() {
            return "chartutil.VersionSet";
        }

        @Override
        public Func method(String name) {
            return name.equals("Has") ? Func.of(name, "string", a -> contains(a[0])) : null;
        }
    }
}
