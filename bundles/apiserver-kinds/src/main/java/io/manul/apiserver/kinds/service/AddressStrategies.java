package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.NetworkColumns;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** ServiceCIDR and IPAddress (networking.k8s.io/v1, KEP-1880). */
public final class AddressStrategies {

    private AddressStrategies() {
    }

    /** More networks of cluster addresses: one or two, one a family; a second one may be added, nothing else changes. */
    public static final class Cidr implements Strategy {

        @Override
        public void validate(Obj cidr, FieldErrors e) {
            Texts.subdomain(cidr.name(), "metadata.name", e);
            List<String> cidrs = cidr.strings("spec", "cidrs");
            if (cidrs.isEmpty()) {
                e.required("spec.cidrs", "at least one CIDR required");
            } else if (cidrs.size() > 2) {
                e.invalid("spec.cidrs", cidr.at("spec").map(), "may only hold up to 2 values");
            } else {
                for (int i = 0; i < cidrs.size(); i++) {
                    Ips.checkCidr(cidrs.get(i), "spec.cidrs[" + i + "]", e);
                }
                if (cidrs.size() == 2 && Ips.family(cidrs.get(0)).equals(Ips.family(cidrs.get(1)))) {
                    e.invalid("spec.cidrs", cidrs, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
                }
            }
        }

        @Override
        public void validateUpdate(Obj cidr, Obj old, FieldErrors e) {
            List<String> was = old.strings("spec", "cidrs");
            List<String> now = cidr.strings("spec", "cidrs");
            if (was.size() != now.size() && !(was.size() == 1 && now.size() == 2)) {
                e.immutable("spec.cidrs", now);
                return;
            }
            for (int i = 0; i < was.size(); i++) {
                if (!was.get(i).equals(now.get(i))) {
                    e.immutable("spec.cidrs[" + i + "]", now.get(i));
                }
            }
        }

        @Override
        public List<Column> columns() {
            return NetworkColumns.CIDR.columns();
        }

        @Override
        public List<Object> cells(Obj object, Instant now) {
            return NetworkColumns.CIDR.of(object, now);
        }
    }

    /** An address that something uses: its name is the address. */
    public static final class Address implements Strategy {

        private static final Cells CELLS = NetworkColumns.ADDRESS;

        @Override
        public void validate(Obj address, FieldErrors e) {
            if (!Ips.valid(address.name())) {
                e.invalid("metadata.name", address.name(), Ips.NOT_AN_IP);
            }
            if (!address.has("spec", "parentRef")) {
                e.required("spec.parentRef", "");
                return;
            }
            for (String field : List.of("resource", "name")) {
                if (address.text("spec", "parentRef", field).isEmpty()) {
                    e.required("spec.parentRef." + field, "");
                }
            }
            String group = address.text("spec", "parentRef", "group");
            if (!group.isEmpty()) {
                Texts.subdomain(group, "spec.parentRef.group", e);
            }
        }

        @Override
        public void validateUpdate(Obj address, Obj old, FieldErrors e) {
            if (!Objects.equals(address.at("spec", "parentRef"), old.at("spec", "parentRef"))) {
                e.immutable("spec.parentRef", address.at("spec", "parentRef").map());
            }
        }

        @Override
        public List<Column> columns() {
            return CELLS.columns();
        }

        @Override
        public List<Object> cells(Obj object, Instant now) {
            return CELLS.of(object, now);
        }
    }
}
