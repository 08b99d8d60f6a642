package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.kubelet.log.FakeStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One request, and what came of it. */
final class FakeExchange implements Exchange {

    static final Peer APISERVER = new Peer.Internal("admin", List.of(), "apiserver");

    private final String target;
    private final Peer peer;
    private final boolean upgrade;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    final FakeStream stream;
    int status;
    String type = "";
    byte[] body = {};
    String spliced = "";

    FakeExchange(String target, Peer peer, boolean upgrade, FakeStream stream) {
        this.target = target;
        this.peer = peer;
        this.upgrade = upgrade;
        this.stream = stream;
    }

    static FakeExchange get(String target) {
        return new FakeExchange(target, APISERVER, false, new FakeStream(""));
    }

    static FakeExchange upgrade(String target) {
        return new FakeExchange(target, APISERVER, true, new FakeStream(""));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return target.replaceFirst("\\?.*", "");
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> out = new LinkedHashMap<>();
        if (target.contains("?")) {
            for (String pair : target.substring(target.indexOf('?') + 1).split("&")) {
                String[] kv = pair.split("=", 2);
                out.computeIfAbsent(kv[0], k -> new ArrayList<>()).add(URLDecoder.decode(kv.length > 1 ? kv[1] : "", StandardCharsets.UTF_8));
            }
        }
        return out;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    FakeExchange with(String header, String value) {
        headers.put(header, List.of(value));
        return this;
    }

    @Override
    public byte[] body() {
        return new byte[0];
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void reply(int code, Map<String, String> headers, byte[] bytes) {
        status = code;
        type = headers.getOrDefault("content-type", "");
        body = bytes;
    }

    @Override
    public ResumableStream stream(int code, Map<String, String> headers) {
        status = code;
        type = headers.getOrDefault("content-type", "");
        return stream;
    }

    @Override
    public void splice(SocketAddress address, String to) {
        InetSocketAddress inet = (InetSocketAddress) address;
        spliced = inet.getHostString() + ":" + inet.getPort() + to;
    }

    @Override
    public void forward(String room, String to, Peer.Internal as) {
        throw new UnsupportedOperationException("the kubelet forwards nothing");
    }

    @Override
    public void touched() {
    }

    @Override
    public boolean upgrade() {
        return upgrade;
    }
}
