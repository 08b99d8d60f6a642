package io.manul.helm.chart;

import io.manul.helm.HelmException;
import io.manul.json.Obj;
import java.util.List;

/** Loads and renders charts. Safe from any thread. */
public interface Engine {

    /** @param upgrade else an install */
    record Facts(String name, String namespace, int revision, boolean upgrade) {
    }

    /** @param version of the API server, e.g. v1.36.2 @param apis {@code group/version} and {@code group/version/Kind} */
    record Capabilities(String version, List<String> apis) {
    }

    /** Helm's function lookup; name empty: a list. @return an empty object when there is none */
    interface Lookup {
        Obj find(String apiVersion, String kind, String namespace, String name) throws HelmException;
    }

    Chart load(byte[] archive) throws HelmException;

    Rendered render(Chart chart, Obj values, Facts facts, Capabilities capabilities, Lookup lookup) throws HelmException;
}
