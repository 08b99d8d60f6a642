package io.manul.helm.release;

import io.manul.json.Obj;
import java.util.List;

/** One revision of a release, a view of Helm's JSON form (helm.sh/helm/v3, pkg/release). */
public record Release(Obj json) {

    public String name() {
        return json.text("name");
    }

    public String namespace() {
        return json.text("namespace");
    }

    public int version() {
        return (int) json.number("version").orElse(0);
    }

    /** deployed, failed, superseded, uninstalling, pending-install, pending-upgrade, pending-rollback. */
    public String status() {
        return json.text("info", "status");
    }

    public String manifest() {
        return json.text("manifest");
    }

    public Obj values() {
        return json.at("config");
    }

    public List<Obj> hooks() {
        return json.objects("hooks");
    }

    public String chartVersion() {
        return json.text("chart", "metadata", "version");
    }

    public Release status(String status, String description, String now) {
        Obj copy = json.copy();
        copy.set(status, "info", "status").set(description, "info", "description").set(now, "info", "last_deployed");
        return new Release(copy);
    }
}
