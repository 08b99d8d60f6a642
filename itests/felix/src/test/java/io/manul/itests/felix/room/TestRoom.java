package io.manul.itests.felix.room;

import io.manul.api.component.Component;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A room that answers its version and whether it acts, and does one thing wrong: the property {@code fault} of its component
 * description says which. Packed by the test into bundles of its own.
 */
public final class TestRoom implements Component, Handler {

    private String version = "";
    private String fault = "";
    private volatile boolean acting;

    /** Named by the component description. */
    public void activate(Map<String, Object> properties) throws InterruptedException {
        version = (String) properties.get("version");
        fault = (String) properties.get("fault");
        fail("activate");
    }

    private void fail(String where) throws InterruptedException {
        if (fault.equals(where + "-throws")) {
            throw new IllegalStateException("broken on purpose in " + where);
        }
        if (fault.equals(where + "-hangs")) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Override
    public String name() {
        return "room";
    }

    @Override
    public boolean ready() {
        return !fault.equals("never-ready");
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Handler.class, this);
    }

    @Override
    public void begin(byte[] state) throws Exception {
        fail("begin");
        acting = true;
    }

    @Override
    public byte[] end() {
        acting = false;
        return new byte[0];
    }

    @Override
    public Health health() {
        return fault.equals("steps-fail") ? new Health(0, 7, 0, "broken on purpose in a step") : Health.IDLE;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        fail("handle");
        exchange.reply(200, Map.of("content-type", "text/plain"), (version + " acting=" + acting).getBytes(StandardCharsets.US_ASCII));
    }
}
