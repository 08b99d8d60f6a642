package io.manul.apiserver.kinds.service;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ipFamilyPolicy, ipFamilies and clusterIPs of a Service, which fill each other in (KEP-563; pkg/registry/core/service/storage/alloc.go). */
final class Families {

    private static final Set<String> ALL = Set.of("IPv4", "IPv6");
    private static final String POLICY = "spec.ipFamilyPolicy";
    private final Obj spec;
    private final Obj old;
    private final List<String> configured;
    private final FieldErrors errors;

    /** @param configured families that have a network of cluster addresses, the default one first */
    Families(Obj service, Obj old, List<String> configured, FieldErrors errors) {
        this.spec = service.at("spec");
        this.old = old;
        this.configured = configured;
        this.errors = errors;
    }

    private String policy() {
        return spec.text("ipFamilyPolicy");
    }

    private boolean headlessWithoutSelector() {
        return spec.text("clusterIP").equals("None") && spec.at("selector").isEmpty();
    }

    void fill() {
        if (spec.text("type").equals("ExternalName") || unchangedPreference()) {
            return;
        }
        if (policy().isEmpty()) {
            String had = old == null ? "" : old.text("spec", "ipFamilyPolicy");
            spec.put("ipFamilyPolicy", !had.isEmpty() ? had : headlessWithoutSelector() ? "RequireDualStack" : "SingleStack");
        }
        check(spec, errors);
        if (errors.isEmpty()) {
            release();
            single();
            fromAddresses();
        }
        if (errors.isEmpty()) {
            complete();
        }
    }

    /** Nothing is added to a Service that preferred two families before there were two, unless it asks. */
    private boolean unchangedPreference() {
        return old != null && policy().equals("PreferDualStack") && old.text("spec", "ipFamilyPolicy").equals("PreferDualStack")
                && spec.strings("clusterIPs").equals(old.strings("spec", "clusterIPs")) && !spec.strings("ipFamilies").isEmpty()
                && spec.strings("ipFamilies").equals(old.strings("spec", "ipFamilies"));
    }

    private void release() {
        if (old == null || old.text("spec", "type").equals("ExternalName")) {
            return;
        }
        for (String field : List.of("clusterIPs", "ipFamilies")) {
            List<String> had = old.strings("spec", field);
            List<String> now = spec.strings(field);
            if (policy().equals("SingleStack")) {
                if (now.equals(had) && now.size() > 1) {
                    spec.put(field, now.subList(0, 1));
                }
            } else if (now.size() == 1 && had.size() == 2) {
                errors.invalid(POLICY, policy(), "must be 'SingleStack' to release the secondary " + (field.equals("clusterIPs") ? "cluster IP" : "IP family"));
            }
        }
    }

    private void single() {
        if (policy().equals("SingleStack")) {
            if (spec.strings("clusterIPs").size() == 2) {
                errors.invalid(POLICY, policy(), "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
            }
            if (spec.strings("ipFamilies").size() == 2) {
                errors.invalid(POLICY, policy(), "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
            }
        }
    }

    private void fromAddresses() {
        List<String> families = new ArrayList<>(spec.strings("ipFamilies"));
        List<String> ips = spec.strings("clusterIPs");
        for (int i = families.size(); i < ips.size() && !ips.get(i).equals("None"); i++) {
            String family = Ips.family(ips.get(i));
            if (configured.contains(family)) {
                families.add(family);
            } else {
                errors.invalid("spec.clusterIPs[" + i + "]", ips, family + " is not configured on this cluster");
            }
        }
        spec.put("ipFamilies", families);
    }

    private void complete() {
        List<String> families = new ArrayList<>(spec.strings("ipFamilies"));
        boolean free = headlessWithoutSelector();
        if (!free) {
            if (policy().equals("RequireDualStack") && configured.size() < 2) {
                errors.invalid(POLICY, policy(), "this cluster is not configured for dual-stack services");
            }
            for (int i = 0; i < families.size(); i++) {
                if (!configured.contains(families.get(i))) {
                    errors.invalid("spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster");
                }
            }
        }
        if (families.isEmpty()) {
            families.add(configured.getFirst());
        }
        if (!policy().equals("SingleStack") && families.size() == 1 && (free || configured.size() == 2)) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        spec.put("ipFamilies", families);
    }

    /** The rules that these fields keep among themselves. */
    static void check(Obj spec, FieldErrors e) {
        List<String> ips = spec.strings("clusterIPs");
        String ip = spec.text("clusterIP");
        if (!ip.isEmpty() && ips.isEmpty()) {
            e.required("spec.clusterIPs", "");
        } else if (!ip.isEmpty() && !ips.getFirst().equals(ip)) {
            e.invalid("spec.clusterIPs", ips, "first value must match `clusterIP`");
        } else if (ip.isEmpty() && !ips.isEmpty()) {
            e.invalid("spec.clusterIPs", ips, "must be empty when `clusterIP` is not specified");
        }
        List<String> families = spec.strings("ipFamilies");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < families.size(); i++) {
            if (!ALL.contains(families.get(i))) {
                e.notSupported("spec.ipFamilies[" + i + "]", families.get(i), ALL);
            }
            if (!seen.add(families.get(i))) {
                e.duplicate("spec.ipFamilies[" + i + "]", families.get(i));
            }
        }
        String policy = spec.text("ipFamilyPolicy");
        Set<String> policies = Set.of("SingleStack", "PreferDualStack", "RequireDualStack");
        if (!policy.isEmpty() && !policies.contains(policy)) {
            e.notSupported(POLICY, policy, policies);
        }
        addresses(ips, families, e);
    }

    private static void addresses(List<String> ips, List<String> families, FieldErrors e) {
        boolean bad = false;
        for (int i = 0; i < ips.size(); i++) {
            if (i == 0 && ips.get(i).equals("None")) {
                if (ips.size() > 1) {
                    e.invalid("spec.clusterIPs", ips, "'None' must be the first and only value");
                    bad = true;
                }
            } else {
                bad |= !Ips.check(ips.get(i), "spec.clusterIPs[" + i + "]", e);
            }
        }
        if (ips.size() > 2) {
            e.invalid("spec.clusterIPs", ips, "may only hold up to 2 values");
        }
        if (bad || ips.contains("None")) {
            return;
        }
        if (ips.size() > 1 && ips.stream().map(Ips::family).distinct().count() < 2) {
            e.invalid("spec.clusterIPs", ips, "may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < Math.min(ips.size(), families.size()); i++) {
            if (ALL.contains(families.get(i)) && !Ips.family(ips.get(i)).equals(families.get(i))) {
                e.invalid("spec.clusterIPs[" + i + "]", ips.get(i), "expected an " + families.get(i) + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }
}
