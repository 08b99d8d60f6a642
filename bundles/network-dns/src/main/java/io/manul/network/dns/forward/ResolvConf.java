package io.manul.network.dns.forward;

import io.manul.network.dns.zone.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The name servers of a resolv.conf (resolv.conf(5)). */
public final class ResolvConf {

    private ResolvConf() {
    }

    /** @param file not there: none */
    public static List<InetSocketAddress> servers(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<InetSocketAddress> out = new ArrayList<>();
        for (String line : Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals("nameserver")) {
                address(words[1]).ifPresent(a -> out.add(new InetSocketAddress(a, 53)));
            }
        }
        return out;
    }

    /** With a zone perhaps: {@code fe80::1%eth0}. */
    private static java.util.Optional<InetAddress> address(String text) {
        int percent = text.indexOf('%');
        if (Addresses.parse(percent < 0 ? text : text.substring(0, percent)).isEmpty()) {
            return java.util.Optional.empty();
        }
        try {
            return java.util.Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return java.util.Optional.empty(); // no such interface
        }
    }
}
