package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.NetworkColumns;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** EndpointSlice (discovery.k8s.io/v1): defaults, limits, address rules; the address type never changes. */
public final class SliceStrategy implements Strategy {

    private static final Cells CELLS = NetworkColumns.SLICE;
    private static final Set<String> TYPES = Set.of("IPv4", "IPv6", "FQDN");

    @Override
    public void defaults(Obj slice) {
        slice.objects("ports").forEach(p -> Defaults.fill(p, "name", "", "protocol", "TCP"));
    }

    @Override
    public void validate(Obj slice, FieldErrors e) {
        String type = slice.text("addressType");
        if (type.isEmpty()) {
            e.required("addressType", "");
        }
        Texts.oneOf(type, "addressType", TYPES, e);
        ports(slice.objects("ports"), e);
        List<Obj> endpoints = slice.objects("endpoints");
        if (endpoints.size() > 1000) {
            e.tooMany("endpoints", endpoints.size(), 1000);
            return;
        }
        for (int i = 0; i < endpoints.size(); i++) {
            endpoint(endpoints.get(i), type, "endpoints[" + i + "]", e);
        }
    }

    private static void ports(List<Obj> ports, FieldErrors e) {
        if (ports.size() > 20_000) {
            e.tooMany("ports", ports.size(), 20_000);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Obj p = ports.get(i);
            String at = "ports[" + i + "]";
            if (!p.text("name").isEmpty()) {
                Texts.label(p.text("name"), at + ".name", e);
            }
            if (!names.add(p.text("name"))) {
                e.duplicate(at + ".name", p.text("name"));
            }
            Texts.oneOf(p.text("protocol"), at + ".protocol", Set.of("TCP", "UDP", "SCTP"), e);
            if (p.has("appProtocol")) {
                Qualified.check(p.text("appProtocol"), at + ".appProtocol", e);
            }
        }
    }

    private static void endpoint(Obj endpoint, String type, String at, FieldErrors e) {
        List<String> addresses = endpoint.strings("addresses");
        if (addresses.isEmpty()) {
            e.required(at + ".addresses", "must contain at least 1 address");
        } else if (addresses.size() > 100) {
            e.tooMany(at + ".addresses", addresses.size(), 100);
        }
        for (int i = 0; i < addresses.size(); i++) {
            address(addresses.get(i), type, at + ".addresses", i, e);
        }
        if (endpoint.has("nodeName")) {
            Texts.subdomain(endpoint.text("nodeName"), at + ".nodeName", e);
        }
        if (endpoint.stringMap("deprecatedTopology").size() > 16) {
            e.tooMany(at + ".deprecatedTopology", endpoint.stringMap("deprecatedTopology").size(), 16);
        }
        if (endpoint.has("hostname")) {
            Texts.label(endpoint.text("hostname"), at + ".hostname", e);
        }
        hints(endpoint.objects("hints", "forZones"), at + ".hints.forZones", e);
        hints(endpoint.objects("hints", "forNodes"), at + ".hints.forNodes", e);
    }

    private static void address(String address, String type, String path, int i, FieldErrors e) {
        if (type.equals("FQDN")) {
            if (!address.contains(".")) {
                e.invalid(path + "[" + i + "]", address, "should be a domain with at least two segments separated by dots");
            } else {
                Texts.subdomain(address.replaceFirst("\\.$", ""), path + "[" + i + "]", e);
            }
        } else if (Ips.check(address, path + "[" + i + "]", e)) {
            if (TYPES.contains(type) && !Ips.family(address).equals(type)) {
                e.invalid(path, address, "must be an " + type + " address");
            }
            Ips.endpoint(address, path + "[" + i + "]", e);
        }
    }

    private static void hints(List<Obj> hints, String path, FieldErrors e) {
        if (hints.size() > 8) {
            e.tooMany(path, hints.size(), 8);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < hints.size(); i++) {
            if (!names.add(hints.get(i).text("name"))) {
                e.duplicate(path + "[" + i + "].name", hints.get(i).text("name"));
            }
        }
    }

    @Override
    public void validateUpdate(Obj slice, Obj old, FieldErrors e) {
        if (!slice.text("addressType").equals(old.text("addressType"))) {
            e.immutable("addressType", slice.text("addressType"));
        }
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj slice, Instant now) {
        return CELLS.of(slice, now);
    }
}
