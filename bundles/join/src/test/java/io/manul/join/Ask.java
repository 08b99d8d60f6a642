package io.manul.join;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.json.Obj;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One request to the room, and what it answered. */
final class Ask implements Exchange {

    private final String method;
    private final String path;
    private final Peer peer;
    private final byte[] body;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final Map<String, List<String>> query = new LinkedHashMap<>();
    int status;
    String answer = "";
    String joined = "";

    Ask(String method, String path, Peer peer, String body) {
        this.method = method;
        this.path = path;
        this.peer = peer;
        this.body = body.getBytes(StandardCharsets.US_ASCII);
    }

    static Ask remote(String method, String path, String body) {
        return new Ask(method, path, new Peer.Remote("192.0.2.9:1", List.of()), body);
    }

    Ask with(String header, String value) {
        headers.computeIfAbsent(header, h -> new ArrayList<>()).add(value);
        return this;
    }

    Ask and(String parameter, String value) {
        query.computeIfAbsent(parameter, h -> new ArrayList<>()).add(value);
        return this;
    }

    String message() {
        return Obj.parse(answer).text("message");
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Map<String, List<String>> query() {
        return query;
    }

    @Override
    public String target() {
        return path;
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void reply(int code, Map<String, String> said, byte[] text) {
        status = code;
        answer = new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public ResumableStream stream(int code, Map<String, String> said) {
        throw new AssertionError("no stream is expected");
    }

    @Override
    public void splice(SocketAddress address, String target) {
        status = 101;
        joined = address + " " + target;
    }

    @Override
    public void forward(String room, String target, Peer.Internal as) {
        throw new AssertionError("no forward is expected");
    }

    @Override
    public void touched() {
        // nothing is run again here
    }

    @Override
    public boolean upgrade() {
        return false;
    }
}
