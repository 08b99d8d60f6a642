package io.manul.network.dns.wire;

import java.util.ArrayList;
import java.util.List;

/** What is known of a question. @param authoritative it is ours to say */
public record Answer(int code, List<Rr> answers, List<Rr> authority, List<Rr> additional, boolean authoritative) {

    public static Answer of(List<Rr> answers, List<Rr> additional) {
        return new Answer(Rcode.NOERROR, answers, List.of(), additional, true);
    }

    public static Answer failed(int code) {
        return new Answer(code, List.of(), List.of(), List.of(), false);
    }

    /** There is no such name (NXDOMAIN), or nothing of that type at it. */
    public static Answer no(int code, Rr soa) {
        return new Answer(code, List.of(), List.of(soa), List.of(), true);
    }

    /** These records first, then what the other says. */
    public Answer then(Answer rest) {
        List<Rr> all = new ArrayList<>(answers);
        all.addAll(rest.answers);
        return new Answer(rest.code, all, rest.authority, rest.additional, authoritative);
    }

    public Message to(Message query) {
        return query.reply(authoritative ? Message.AUTHORITATIVE : 0, code, answers, authority, additional);
    }
}
