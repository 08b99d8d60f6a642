package io.manul.tunnel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an HTTP/1.1 message (RFC 9112). @param start its first line @param headers by lower-case name, the last of a name
 */
public record Head(String start, Map<String, String> headers) {

    public static final Head SWITCH = new Head("HTTP/1.1 101 Switching Protocols", Map.of("connection", "upgrade", "upgrade", "manul-tunnel"));
    /** What a node asks a server for: its connection becomes a tunnel. */
    public static final String TUNNEL = "manul-tunnel";
    private static final int MOST = 64 << 10;

    public static Head read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder(256);
        while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended before an answer came");
            }
            if (text.length() > MOST) {
                throw new IOException("the head of an answer is larger than " + MOST + " bytes");
            }
            text.append((char) b);
        }
        List<String> lines = text.toString().lines().toList();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
            }
        }
        return new Head(lines.getFirst(), headers);
    }

    public void write(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder(start).append("\r\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    public int status() throws IOException {
        String[] words = start.split(" ", 3);
        if (words.length < 2 || !words[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("what came is no HTTP answer: " + start);
        }
        return Integer.parseInt(words[1]);
    }
}
