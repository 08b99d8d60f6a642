package io.manul.network.dns.config;

import io.manul.network.dns.zone.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** {@code 10.0.0.1}, {@code 10.0.0.1:5353}, {@code fd00::1}, {@code [fd00::1]:5353}. */
public final class Server {

    private Server() {
    }

    public static Optional<InetSocketAddress> parse(String text) {
        Optional<byte[]> address = Addresses.parse(host(text));
        String rest = text.startsWith("[") ? text.substring(Math.min(text.length(), text.indexOf(']') + 1))
                : text.substring(host(text).length());
        if (address.isEmpty() || !rest.isEmpty() && !rest.matches(":[0-9]{1,5}") || rest.length() > 1 && Integer.parseInt(rest.substring(1)) > 65535) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address.get()), rest.isEmpty() ? 53 : Integer.parseInt(rest.substring(1))));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    static String host(String text) {
        if (text.startsWith("[")) {
            return text.substring(1, Math.max(1, text.indexOf(']')));
        }
        int colon = text.indexOf(':');
        return colon > 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
