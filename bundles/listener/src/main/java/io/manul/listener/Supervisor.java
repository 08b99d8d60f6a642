package io.manul.listener;

/**
 * Paths of the API's port that are for joining nodes, as k3s's supervisor has them, and those of the administrator's socket that
 * are for tokens: another room answers them.
 */
final class Supervisor {

    private static final String ROOM = "join";

    private Supervisor() {
    }

    static String room(String room, String path) {
        boolean joins = room.equals("apiserver") && (path.startsWith("/v1-k3s/") || path.equals("/cacerts") || path.equals("/ping"));
        return joins || room.equals("console") && path.equals("/tokens") ? ROOM : room;
    }
}
