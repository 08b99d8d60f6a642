package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;

/** An exchange that remembers the status it was answered with. Lives on the request's thread. */
final class Answered implements Exchange {

    private final Exchange x;
    private int status;

    Answered(Exchange x) {
        this.x = x;
    }

    /** 0: nothing was answered here. */
    int status() {
        return status;
    }

    @Override
    public void reply(int code, Map<String, String> headers, byte[] body) {
        x.reply(code, headers, body);
        status = code;
    }

    @Override
    public ResumableStream stream(int code, Map<String, String> headers) throws Superseded {
        ResumableStream stream = x.stream(code, headers);
        status = code;
        return stream;
    }

    @Override
    public String method() {
        return x.method();
    }

    @Override
    public String path() {
        return x.path();
    }

    @Override
    public Map<String, List<String>> query() {
        return x.query();
    }

    @Override
    public String target() {
        return x.target();
    }

    @Override
    public Map<String, List<String>> headers() {
        return x.headers();
    }

    @Override
    public byte[] body() {
        return x.body();
    }

    @Override
    public Peer peer() {
        return x.peer();
    }

    @Override
    public void splice(SocketAddress address, String target) {
        x.splice(address, target);
    }

    @Override
    public void forward(String room, String target, Peer.Internal as) {
        x.forward(room, target, as);
    }

    @Override
    public void touched() {
        x.touched();
    }

    @Override
    public boolean upgrade() {
        return x.upgrade();
    }
}
