package io.manul.network.pods;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The other nodes as last seen, on the disk: a node that reboots without its servers still reaches their pods. */
record KnownPeers(Path file) {

    List<Peer> load() throws IOException {
        try {
            return Files.exists(file) ? Obj.parse(Files.readAllBytes(file)).objects("peers").stream().flatMap(o -> Peer.load(o).stream()).toList() : List.of();
        } catch (JsonException e) {
            throw new IOException(file + " is not JSON: " + e.getMessage(), e);
        }
    }

    void keep(Collection<Peer> peers) throws IOException {
        Obj all = Obj.of("peers", peers.stream().sorted(Comparator.comparing(Peer::node).thenComparing(Peer::family)).map(Peer::save).toList());
        if (!Files.exists(file) || !Files.readString(file).equals(all.toString())) {
            Files.createDirectories(file.getParent());
            CniConfig.replace(file, all.toString());
        }
    }
}
