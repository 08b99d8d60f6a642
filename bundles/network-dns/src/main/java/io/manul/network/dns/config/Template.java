package io.manul.network.dns.config;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.zone.Addresses;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records made from the question (coredns.io, plugin template); of Go's templates the fields Name, Zone, Class, Type, Match and
 * Group. @param type -1: any
 */
record Template(Name zone, int type, List<Pattern> matches, List<String> answers, int code, boolean fallthrough) {

    private static final Pattern FIELD = Pattern.compile(
            "\\{\\{-?\\s*(?:\\.(Name|Zone|Class|Type)|index\\s+\\.Match\\s+([0-9]+)|index\\s+\\.Group\\s+\"(\\w+)\"|\\.Group\\.(\\w+))\\s*-?}}");

    /** Empty: not for this one. */
    Optional<Answer> answer(Question question) {
        if (!question.name().in(zone) || type >= 0 && type != question.type()) {
            return Optional.empty();
        }
        String name = question.name().toString();
        for (Pattern p : matches) {
            Matcher m = p.matcher(name);
            if (m.find()) {
                List<Rr> records = new ArrayList<>();
                for (String text : answers) {
                    Optional<Rr> r = record(fill(text, question, m));
                    if (r.isEmpty()) {
                        return Optional.of(Answer.failed(io.manul.network.dns.wire.Rcode.SERVFAIL));
                    }
                    records.add(r.get());
                }
                return Optional.of(new Answer(code, records, List.of(), List.of(), true));
            }
        }
        return fallthrough ? Optional.empty() : Optional.of(new Answer(io.manul.network.dns.wire.Rcode.NXDOMAIN, List.of(), List.of(), List.of(), true));
    }

    private String fill(String text, Question question, Matcher m) {
        return FIELD.matcher(text).replaceAll(f -> Matcher.quoteReplacement(field(f, question, m)));
    }

    private String field(java.util.regex.MatchResult f, Question question, Matcher m) {
        if (f.group(1) != null) {
            return switch (f.group(1)) {
                case "Name" -> question.name().toString();
                case "Zone" -> zone.toString();
                case "Class" -> "IN";
                default -> Type.name(question.type());
            };
        }
        if (f.group(2) != null) {
            int n = Integer.parseInt(f.group(2));
            return n <= m.groupCount() && m.group(n) != null ? m.group(n) : "";
        }
        String group = f.group(3) != null ? f.group(3) : f.group(4);
        return m.namedGroups().containsKey(group) && m.group(group) != null ? m.group(group) : "";
    }

    /** Whether what is in braces is understood. */
    static boolean understood(String text) {
        return !FIELD.matcher(text).replaceAll("").contains("{{");
    }

    /** {@code NAME [TTL] [IN] TYPE DATA}. */
    static Optional<Rr> record(String text) {
        String[] w = text.strip().split("\\s+", 6);
        try {
            int i = 1;
            int ttl = 3600;
            if (i < w.length && w[i].matches("[0-9]{1,9}")) {
                ttl = Integer.parseInt(w[i++]);
            }
            if (i < w.length && w[i].equalsIgnoreCase("IN")) {
                i++;
            }
            String[] rest = text.strip().split("\\s+", i + 2);
            Name owner = Name.of(w[0]);
            int kind = Type.of(rest[i]);
            String data = rest[i + 1];
            return switch (kind) {
                case Type.A, Type.AAAA -> {
                    Rr r = Rr.address(owner, ttl, Addresses.parse(data).orElseThrow(() -> new IllegalArgumentException(data)));
                    yield r.type() == kind ? Optional.of(r) : Optional.empty();
                }
                case Type.CNAME, Type.PTR, Type.NS -> Optional.of(new Rr(owner, kind, ttl, Name.of(data).data()));
                case Type.TXT -> Optional.of(Rr.txt(owner, ttl, data.replaceAll("^\"|\"$", "")));
                case Type.MX -> {
                    String[] mx = data.split("\\s+");
                    byte[] to = Name.of(mx[1]).data();
                    yield Optional.of(new Rr(owner, kind, ttl,
                            ByteBuffer.allocate(2 + to.length).putShort((short) Integer.parseInt(mx[0])).put(to).array()));
                }
                case Type.SRV -> {
                    String[] srv = data.split("\\s+");
                    byte[] to = Name.of(srv[3]).data();
                    yield Optional.of(new Rr(owner, kind, ttl, ByteBuffer.allocate(6 + to.length).putShort((short) Integer.parseInt(srv[0]))
                            .putShort((short) Integer.parseInt(srv[1])).putShort((short) Integer.parseInt(srv[2])).put(to).array()));
                }
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
