package io.manul.controllers.workload.deployment;

import io.manul.json.Obj;

/** maxSurge and maxUnavailable as numbers of pods (API reference, RollingUpdateDeployment). Pure. */
record Shares(long surge, long unavailable) {

    static Shares of(Obj deployment) {
        long replicas = deployment.number("spec", "replicas").orElse(1);
        if (!deployment.text("spec", "strategy", "type").equals("RollingUpdate")) {
            return new Shares(0, 0);
        }
        long surge = resolve(deployment.get("spec", "strategy", "rollingUpdate", "maxSurge"), replicas, true);
        long unavailable = resolve(deployment.get("spec", "strategy", "rollingUpdate", "maxUnavailable"), replicas, false);
        // both zero would never move
        return new Shares(surge, surge == 0 && unavailable == 0 ? 1 : Math.min(unavailable, replicas));
    }

    private static long resolve(Object value, long replicas, boolean up) {
        return switch (value) {
            case Long n -> n;
            case String s when s.matches("[0-9]{1,9}%") -> {
                long percent = Long.parseLong(s.substring(0, s.length() - 1));
                yield up ? (percent * replicas + 99) / 100 : percent * replicas / 100;
            }
            case null, default -> 0;
        };
    }
}
