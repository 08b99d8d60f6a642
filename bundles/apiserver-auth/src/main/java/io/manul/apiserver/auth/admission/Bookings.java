package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.model.quota.Amount;
import io.manul.model.quota.Names;
import io.manul.model.quota.PodUsage;
import io.manul.model.quota.Scopes;
import io.manul.model.quota.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One write against the quotas of its namespace: refused, or what their statuses become. */
final class Bookings {

    private final Write write;
    private final String resource;
    private final Map<String, Amount> usage;

    private Bookings(Write write) {
        this.write = write;
        this.resource = write.resource().groupResource();
        this.usage = Usage.of(resource, write.object(), write.now());
    }

    /** @return those whose use changes, with it */
    static List<Obj> of(List<Obj> quotas, Write write) throws ApiException {
        Bookings b = new Bookings(write);
        List<Obj> mine = new ArrayList<>();
        for (Obj quota : quotas) {
            if (b.concerned(quota)) {
                mine.add(quota);
            }
        }
        List<String> negative = b.usage.entrySet().stream().filter(e -> e.getValue().sign() < 0).map(Map.Entry::getKey).toList();
        if (!negative.isEmpty()) {
            throw b.refused("quota usage is negative for resource(s): " + String.join(",", negative));
        }
        List<Obj> booked = new ArrayList<>();
        for (Obj quota : mine) {
            Map<String, Amount> more = b.more(quota);
            if (!more.isEmpty()) {
                booked.add(b.booked(quota, more));
            }
        }
        return booked;
    }

    private boolean concerned(Obj quota) throws ApiException {
        Set<String> names = Names.about(resource, quota.at("status", "hard").map().keySet());
        if (names.isEmpty() || !Scopes.match(quota, resource, write.object())) {
            return false;
        }
        String missing = resource.equals("pods") ? PodUsage.missing(write.object(), names) : "";
        if (!missing.isEmpty()) {
            throw refused("failed quota: " + quota.name() + ": must specify " + missing);
        }
        if (!quota.at("status", "used").map().keySet().containsAll(names)) {
            throw refused("status unknown for quota: " + quota.name() + ", resources: " + String.join(",", names));
        }
        return true;
    }

    /** What it takes of the quota beyond what it took before. */
    private Map<String, Amount> more(Obj quota) {
        Map<String, Amount> before = write.operation() == Operation.UPDATE && Scopes.match(quota, resource, write.old())
                ? Usage.of(resource, write.old(), write.now()) : Map.of();
        Map<String, Amount> more = new TreeMap<>();
        usage.forEach((name, amount) -> {
            Amount delta = amount.minus(before.getOrDefault(name, Amount.ZERO));
            if (delta.sign() > 0 && quota.has("status", "hard", name)) {
                more.put(name, delta);
            }
        });
        return more;
    }

    private Obj booked(Obj quota, Map<String, Amount> more) throws ApiException {
        Map<String, Amount> hard = Amount.list(quota.at("status", "hard").map());
        Map<String, Amount> used = Amount.list(quota.at("status", "used").map());
        List<String> exceeded = more.keySet().stream().filter(n -> used.get(n).plus(more.get(n)).compareTo(hard.get(n)) > 0).toList();
        if (!exceeded.isEmpty() && !write.subresource().equals("status")) {
            throw refused("exceeded quota: " + quota.name() + ", requested: " + shown(more, exceeded) + ", used: " + shown(used, exceeded)
                    + ", limited: " + shown(hard, exceeded));
        }
        Obj next = quota.copy();
        more.forEach((name, amount) -> next.set(used.get(name).plus(amount).toString(), "status", "used", name));
        return next;
    }

    private static String shown(Map<String, Amount> amounts, List<String> names) {
        return String.join(",", names.stream().map(n -> n + "=" + amounts.get(n)).toList());
    }

    private ApiException refused(String why) {
        return ApiException.forbidden(write.resource().group(), write.resource().plural(), ShownName.of(write.object()), why);
    }
}
