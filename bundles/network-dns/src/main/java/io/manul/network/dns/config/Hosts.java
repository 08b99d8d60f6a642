package io.manul.network.dns.config;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.zone.Addresses;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names and addresses as in /etc/hosts (coredns.io, plugin hosts). */
public final class Hosts {

    public static final Hosts NONE = new Hosts(3600, true);

    private final int ttl;
    private final boolean fallthrough;
    private final Map<Name, List<byte[]>> addresses = new HashMap<>();
    private final Map<ByteBuffer, List<Name>> names = new HashMap<>();

    /** @param fallthrough what is not here, others may know */
    Hosts(int ttl, boolean fallthrough) {
        this.ttl = ttl;
        this.fallthrough = fallthrough;
    }

    /** @param text lines of an address and names; other lines are passed over */
    public static Hosts of(String text, int ttl) {
        Hosts out = new Hosts(ttl, true);
        text.lines().map(l -> l.replaceFirst("#.*", "").strip().split("\\s+")).filter(w -> w.length > 1).forEach(w -> out.add(List.of(w)));
        return out;
    }

    /** False when the first word is no address, or another no name. */
    boolean add(List<String> words) {
        Optional<byte[]> address = Addresses.parse(words.getFirst());
        if (address.isEmpty()) {
            return false;
        }
        boolean well = true;
        for (String word : words.subList(1, words.size())) {
            try {
                Name name = Name.of(word);
                addresses.computeIfAbsent(name, n -> new ArrayList<>(1)).add(address.get());
                names.computeIfAbsent(ByteBuffer.wrap(address.get()), a -> new ArrayList<>(1)).add(name);
            } catch (IllegalArgumentException e) {
                well = false;
            }
        }
        return well;
    }

    public Optional<Answer> answer(Question question) {
        List<byte[]> known = addresses.get(question.name());
        if (known != null) {
            return Optional.of(Answer.of(known.stream().map(a -> Rr.address(question.name(), ttl, a))
                    .filter(r -> r.type() == question.type() || question.type() == Type.ANY).toList(), List.of()));
        }
        if (question.type() == Type.PTR && !names.isEmpty()) {
            Optional<List<Name>> found = Addresses.reversed(question.name().labels()).map(a -> names.get(ByteBuffer.wrap(a)));
            if (found.isPresent()) {
                return Optional.of(Answer.of(found.get().stream().map(n -> Rr.ptr(question.name(), ttl, n)).toList(), List.of()));
            }
        }
        return fallthrough ? Optional.empty()
                : Optional.of(new Answer(io.manul.network.dns.wire.Rcode.NXDOMAIN, List.of(), List.of(), List.of(), true));
    }
}
