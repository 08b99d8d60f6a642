package io.manul.api.http;

import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The root-only Unix socket of a server behind which another node's kubelet answers HTTP/1.1, through the tunnel that the node
 * has opened. It is there while the node is connected. To answer a client with it, hand the exchange to the room
 * {@value #ROOM}: {@code exchange.forward(NodeSocket.ROOM, "/" + node + target, as)}.
 */
public final class NodeSocket {

    /** Takes {@code /NODE/PATH?QUERY}, joins an upgrade and passes any other answer on as it comes. */
    public static final String ROOM = "nodes";

    private static final int CHARACTERS = 24;

    private NodeSocket() {
    }

    /** Short, whatever the node's name: a path of unix(7) has at most 107 bytes. */
    public static UnixDomainSocketAddress of(Path runDir, String node) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(node.getBytes(StandardCharsets.UTF_8));
            return UnixDomainSocketAddress.of(runDir.resolve("n").resolve(HexFormat.of().formatHex(hash).substring(0, CHARACTERS)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }
}
