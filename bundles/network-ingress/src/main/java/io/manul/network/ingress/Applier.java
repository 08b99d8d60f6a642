package io.manul.network.ingress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Brings HAProxy to a picture through its runtime interface, in an order in which no request is lost: certificates, new
 * servers, ways, then what goes. A server that goes takes no new request, keeps those it has, and is deleted once it has none.
 */
final class Applier {

    private final Admin admin;
    private final Places places;
    private final int slots;
    /** What the certificates' files held when they were given to HAProxy. */
    private final Map<String, String> given;
    private final BiConsumer<Certificate, String> refused;

    /** @param refused told which certificate HAProxy does not take, and what it says */
    Applier(Admin admin, Places places, int slots, Map<String, String> given, BiConsumer<Certificate, String> refused) {
        this.admin = admin;
        this.places = places;
        this.slots = slots;
        this.given = given;
        this.refused = refused;
    }

    /** The picture asks for more backends than stand ready. */
    static final class Full extends Exception {
        private static final long serialVersionUID = 1;

        Full() {
            super("no backend is free", null, false, false);
        }
    }

    /** @return false when something that goes still has requests: apply again later */
    boolean apply(Picture picture) throws IOException, Full {
        Live live = Live.read(admin, places);
        Map<BackendKey, Integer> assigned = assign(picture, live);
        for (Certificate c : picture.certificates()) {
            certificate(c, live);
        }
        Set<String> wanted = new HashSet<>();
        for (Map.Entry<BackendKey, Integer> slot : assigned.entrySet()) {
            for (Pod pod : picture.backends().get(slot.getKey())) {
                String server = "b" + slot.getValue() + "/" + pod.server();
                wanted.add(server);
                server(server, pod, slot.getKey().protocol(), live.servers().get(server));
            }
        }
        Map<String, String> slotsWanted = new LinkedHashMap<>();
        assigned.forEach((key, n) -> slotsWanted.put(key.toString(), "b" + n));
        map(places.slots().toString(), live.slots(), slotsWanted);
        map(places.exact().toString(), live.exact(), values(picture.exact(), assigned));
        map(places.prefix().toString(), live.prefix(), values(picture.prefix(), assigned));
        dropCertificates(picture, live);
        return drop(live, wanted);
    }

    private Map<BackendKey, Integer> assign(Picture picture, Live live) throws Full {
        Map<BackendKey, Integer> assigned = new LinkedHashMap<>();
        Set<Integer> taken = new HashSet<>();
        picture.backends().keySet().forEach(key -> {
            Live.Entry e = live.slots().get(key.toString());
            if (e != null && taken.add(Integer.parseInt(e.value().substring(1)))) {
                assigned.put(key, Integer.parseInt(e.value().substring(1)));
            }
        });
        // a slot whose old servers still answer is taken last
        Set<Integer> used = new HashSet<>();
        live.servers().keySet().forEach(s -> used.add(Integer.parseInt(s.substring(1, s.indexOf('/')))));
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            if (!taken.contains(i) && !used.contains(i)) {
                free.add(i);
            }
        }
        for (BackendKey key : picture.backends().keySet()) {
            if (!assigned.containsKey(key)) {
                if (free.isEmpty()) {
                    throw new Full();
                }
                assigned.put(key, free.removeFirst());
            }
        }
        return assigned;
    }

    private static Map<String, String> values(Map<String, Way> ways, Map<BackendKey, Integer> assigned) {
        Map<String, String> out = new TreeMap<>();
        ways.forEach((key, way) -> out.put(key, way.options().value(assigned.get(way.backend()))));
        return out;
    }

    private void server(String server, Pod pod, Protocol protocol, Boolean maintenance) throws IOException {
        if (maintenance == null) {
            expect("add server " + server + " " + pod.address() + protocol.options, "New server registered");
            expect("enable server " + server, "");
        } else if (maintenance) {
            expect("set server " + server + " state ready", "");
        }
    }

    private void map(String file, Map<String, Live.Entry> now, Map<String, String> wanted) throws IOException {
        for (Map.Entry<String, String> w : wanted.entrySet()) {
            Live.Entry before = now.get(w.getKey());
            if (before == null) {
                String said = admin.ask("add map " + file, w.getKey() + " " + w.getValue());
                if (!said.isEmpty()) {
                    throw new IOException("HAProxy does not take \"" + w.getKey() + "\" into " + file + ": " + said);
                }
            } else if (!before.value().equals(w.getValue())) {
                expect("set map " + file + " " + before.reference() + " " + w.getValue(), "");
            }
        }
        for (Map.Entry<String, Live.Entry> n : now.entrySet()) {
            if (!wanted.containsKey(n.getKey())) {
                expect("del map " + file + " " + n.getValue().reference(), "");
            }
        }
    }

    private boolean drop(Live live, Set<String> wanted) throws IOException {
        boolean all = true;
        for (Map.Entry<String, Boolean> server : live.servers().entrySet()) {
            if (!wanted.contains(server.getKey())) {
                if (!server.getValue()) {
                    expect("set server " + server.getKey() + " state maint", "");
                }
                all &= admin.ask("del server " + server.getKey()).contains("deleted");
            }
        }
        return all;
    }

    // ---- certificates

    private void certificate(Certificate c, Live live) throws IOException {
        String file = places.certificates().resolve(c.file()).toString();
        boolean listed = live.certificates().containsKey(c.file());
        if (listed && c.pem().equals(given.get(c.file()))) {
            return;
        }
        if (!admin.ask("show ssl cert " + file).contains("Filename")) {
            expect("new ssl cert " + file, "New empty certificate");
        }
        String set = admin.ask("set ssl cert " + file, c.pem());
        String committed = set.contains("Transaction") ? admin.ask("commit ssl cert " + file) : set;
        if (!committed.contains("Success")) {
            admin.ask("abort ssl cert " + file);
            refused.accept(c, committed.replace('\n', ' '));
            return;
        }
        if (!listed) {
            String said = admin.ask("add ssl crt-list " + places.certificateList(), file + (c.hosts().isEmpty() ? "" : " [] " + String.join(" ", c.hosts())));
            if (!said.contains("Success")) {
                refused.accept(c, said.replace('\n', ' '));
                return;
            }
        }
        given.put(c.file(), c.pem());
    }

    private void dropCertificates(Picture picture, Live live) throws IOException {
        Set<String> wanted = new HashSet<>(Set.of(places.defaultCertificate().getFileName().toString()));
        picture.certificates().forEach(c -> wanted.add(c.file()));
        for (Map.Entry<String, String> entry : live.certificates().entrySet()) {
            if (!wanted.contains(entry.getKey())) {
                admin.ask("del ssl crt-list " + places.certificateList() + " " + entry.getValue());
                admin.ask("del ssl cert " + places.certificates().resolve(entry.getKey()));
                given.remove(entry.getKey());
            }
        }
    }

    private void expect(String command, String start) throws IOException {
        String said = admin.ask(command);
        if (start.isEmpty() ? !said.isEmpty() : !said.startsWith(start)) {
            throw new IOException("HAProxy said to \"" + command + "\": " + said);
        }
    }
}
