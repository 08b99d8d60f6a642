package io.manul.helm.template.functions;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PEM block (RFC 7468). */
record Pem(String type, byte[] data) {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** The first block of the text, or null. */
    static Pem decode(String text) {
        Matcher m = BLOCK.matcher(text);
        if (!m.find()) {
            return null;
        }
        try {
            return new Pem(m.group(1), Base64.getDecoder().decode(m.group(2).replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    String encode() {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(data)
                + "\n-----END " + type + "-----\n";
    }
}
