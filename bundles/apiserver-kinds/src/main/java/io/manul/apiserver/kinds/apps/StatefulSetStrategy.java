package io.manul.apiserver.kinds.apps;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.MiscDefaults;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * StatefulSet (apps/v1). Deviation: {@code updateStrategy.rollingUpdate.maxUnavailable} is kept and obeyed, where upstream drops it
 * unless the feature gate MaxUnavailableStatefulSet is on.
 */
public final class StatefulSetStrategy implements Strategy {

    private static final Cells CELLS = new Cells()
            .text("Ready", s -> s.number("status", "readyReplicas").orElse(0) + "/" + s.number("spec", "replicas").orElse(0)).age()
            .containers("spec", "template", "spec", "containers");
    private static final List<String> CHANGEABLE = List.of("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds");
    private static final List<String> COUNTS = List.of("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas",
            "observedGeneration", "collisionCount");

    @Override
    public void defaults(Obj o) {
        TemplateRules.defaults(o);
        Obj spec = o.make("spec");
        Defaults.fill(spec, "podManagementPolicy", "OrderedReady", "replicas", 1, "revisionHistoryLimit", 10);
        Defaults.fill(spec.make("persistentVolumeClaimRetentionPolicy"), "whenDeleted", "Retain", "whenScaled", "Retain");
        if (spec.text("updateStrategy", "type").isEmpty()) {
            spec.make("updateStrategy").put("type", "RollingUpdate");
            spec.make("updateStrategy", "rollingUpdate");
        }
        if (spec.text("updateStrategy", "type").equals("RollingUpdate") && spec.has("updateStrategy", "rollingUpdate")) {
            Defaults.fill(spec.make("updateStrategy", "rollingUpdate"), "partition", 0);
        }
        for (Obj claim : spec.objects("volumeClaimTemplates")) {
            Defaults.fill(claim, "apiVersion", "v1", "kind", "PersistentVolumeClaim");
            MiscDefaults.persistentVolumeClaim(claim);
        }
    }

    @Override
    public void prepareCreate(Obj o, Write write) {
        historyWarning(o, write);
    }

    @Override
    public void prepareUpdate(Obj o, Obj old, Write write) {
        historyWarning(o, write);
    }

    private static void historyWarning(Obj o, Write write) {
        if (o.number("spec", "revisionHistoryLimit").orElse(0) < 0) {
            write.warnings().add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
        }
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        Texts.label(o.name(), "metadata.name", e);
        String policy = spec.text("podManagementPolicy");
        if (!Set.of("OrderedReady", "Parallel").contains(policy)) {
            e.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
        }
        strategy(spec.at("updateStrategy"), e);
        for (String when : List.of("whenDeleted", "whenScaled")) {
            Texts.oneOf(spec.text("persistentVolumeClaimRetentionPolicy", when), "spec.persistentVolumeClaimRetentionPolicy." + when,
                    Set.of("Retain", "Delete"), e);
        }
        spec.number("replicas").ifPresent(n -> Texts.notNegative(n, "spec.replicas", e));
        spec.number("minReadySeconds").ifPresent(n -> Texts.notNegative(n, "spec.minReadySeconds", e));
        spec.number("ordinals", "start").ifPresent(n -> Texts.notNegative(n, "spec.ordinals.start", e));
        TemplateRules.check(mounted(spec), "StatefulSet", "statefulset", e);
    }

    /** The template's pods as they will be: with a volume for every claim, and a host name of their own. */
    private static Obj mounted(Obj spec) {
        Obj mounted = spec.copy();
        Obj pod = mounted.make("template", "spec");
        pod.remove("hostname");
        pod.remove("subdomain");
        List<Obj> claims = spec.objects("volumeClaimTemplates");
        if (!claims.isEmpty()) {
            Set<String> names = claims.stream().map(Obj::name).collect(Collectors.toSet());
            List<Obj> volumes = new ArrayList<>();
            names.forEach(n -> volumes.add(Obj.of("name", n, "persistentVolumeClaim", Obj.of("claimName", n))));
            pod.objects("volumes").stream().filter(v -> !names.contains(v.text("name"))).forEach(volumes::add);
            pod.put("volumes", volumes);
        }
        return mounted;
    }

    private static void strategy(Obj strategy, FieldErrors e) {
        String path = "spec.updateStrategy.rollingUpdate";
        switch (strategy.text("type")) {
            case "OnDelete" -> {
                if (strategy.has("rollingUpdate")) {
                    e.invalid(path, strategy.at("rollingUpdate").map(), "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                strategy.number("rollingUpdate", "partition").ifPresent(n -> Texts.notNegative(n, path + ".partition", e));
                Object unavailable = strategy.get("rollingUpdate", "maxUnavailable");
                TemplateRules.share(unavailable, path + ".maxUnavailable", e);
                if (TemplateRules.zero(unavailable)) {
                    e.invalid(path + ".maxUnavailable", unavailable, "cannot be 0");
                }
                TemplateRules.atMostAll(unavailable, path + ".maxUnavailable", e);
            }
            default -> e.invalid("spec.updateStrategy", strategy.map(), "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    /** What only a new one must have: fields that cannot change may stay as they are. */
    @Override
    public void validateCreate(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        if (!spec.text("serviceName").isEmpty()) {
            Texts.label(spec.text("serviceName"), "spec.serviceName", e);
        }
        List<Obj> claims = spec.objects("volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            String at = "spec.volumeClaimTemplates[" + i + "].spec";
            if (claims.get(i).strings("spec", "accessModes").isEmpty()) {
                e.required(at + ".accessModes", "at least 1 access mode is required");
            }
            if (!claims.get(i).has("spec", "resources", "requests", "storage")) {
                e.required(at + ".resources[storage]", "");
            }
        }
    }

    @Override
    public void validateUpdate(Obj o, Obj old, FieldErrors e) {
        Obj now = o.at("spec").copy();
        Obj before = old.at("spec").copy();
        CHANGEABLE.forEach(field -> {
            now.remove(field);
            before.remove(field);
        });
        if (!now.equals(before)) {
            e.forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
                    + " 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }

    @Override
    public void validateStatus(Obj o, Obj old, FieldErrors e) {
        Obj status = o.at("status");
        TemplateRules.counts(status, COUNTS, "replicas", List.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"), e);
        TemplateRules.counts(status, List.of(), "readyReplicas", List.of("availableReplicas"), e);
        TemplateRules.collisions(o, old, e);
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
