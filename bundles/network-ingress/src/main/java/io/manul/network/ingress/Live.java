package io.manul.network.ingress;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What HAProxy holds now, read from it: so a new version of this room goes on where the last one stopped.
 *
 * @param exact   map of exact ways: value by key
 * @param prefix  map of prefix ways
 * @param slots   which backend stands for which port of a Service
 * @param servers by {@code bN/name}: whether it is in maintenance
 * @param certificates entries of the list of certificates by file: the line's number for HAProxy
 */
record Live(Map<String, Entry> exact, Map<String, Entry> prefix, Map<String, Entry> slots, Map<String, Boolean> servers,
        Map<String, String> certificates) {

    /** @param reference HAProxy's own name of an entry */
    record Entry(String reference, String value) {
    }

    static Live read(Admin admin, Places places) throws IOException {
        return new Live(map(admin, places.exact().toString()), map(admin, places.prefix().toString()), map(admin, places.slots().toString()),
                servers(admin), certificates(admin, places));
    }

    private static Map<String, Entry> map(Admin admin, String file) throws IOException {
        Map<String, Entry> out = new LinkedHashMap<>();
        for (String line : admin.ask("show map " + file).split("\n")) {
            String[] p = line.split(" ", 3);
            if (p.length == 3 && p[0].startsWith("0x")) {
                out.put(p[1], new Entry("#" + p[0], p[2]));
            } else if (!line.isEmpty()) {
                throw new IOException("HAProxy does not show its map " + file + ": " + line);
            }
        }
        return out;
    }

    private static Map<String, Boolean> servers(Admin admin) throws IOException {
        Map<String, Boolean> out = new TreeMap<>();
        for (String line : admin.ask("show servers state").split("\n")) {
            String[] p = line.split(" ");
            if (p.length > 10 && p[1].matches("b\\d+")) {
                out.put(p[1] + "/" + p[3], (Integer.parseInt(p[6]) & 1) != 0);
            }
        }
        return out;
    }

    private static Map<String, String> certificates(Admin admin, Places places) throws IOException {
        Map<String, String> out = new TreeMap<>();
        for (String line : admin.ask("show ssl crt-list -n " + places.certificateList()).split("\n")) {
            String path = line.split(" ")[0];
            int colon = path.lastIndexOf(':');
            if (line.startsWith("/") && colon > 0) {
                out.put(path.substring(path.lastIndexOf('/') + 1, colon), path);
            }
        }
        return out;
    }
}
