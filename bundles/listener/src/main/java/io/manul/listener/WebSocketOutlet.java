package io.manul.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * An answer to a client that asked for a WebSocket: a stream is one, a whole answer is plain HTTP. As upstream serves them,
 * JSON (a watch) goes out as one text message a line, anything else (a log) as binary messages, or as base64 in text
 * messages where that subprotocol was agreed on. A line longer than a piece is a message of several frames.
 */
final class WebSocketOutlet extends Http1Outlet {

    private final Http1Front front;
    private final Handshake handshake;
    /** Written before the head is queued, read after it was taken. */
    private boolean lines;

    // on the event loop
    private WebSocketFront socket;
    private boolean midway;

    WebSocketOutlet(Http1Front front, ChannelHandlerContext ctx, Handshake handshake) {
        super(front, ctx, false, true);
        this.front = front;
        this.handshake = handshake;
    }

    @Override
    Optional<Status> obstacle() {
        return handshake.obstacle();
    }

    @Override
    void begin(int status, Map<String, String> headers) {
        lines = headers.getOrDefault("content-type", "").startsWith("application/json");
        super.begin(status, headers);
    }

    /** Pieces end at the end of a line where they can, so that a line is one frame. */
    @Override
    protected int cut(byte[] bytes, int from, int most) {
        if (lines && from + most < bytes.length) {
            for (int at = from + most; at > from; at--) {
                if (bytes[at - 1] == '\n') {
                    return at - from;
                }
            }
        }
        return most;
    }

    @Override
    protected ChannelFuture writeHead(Head head) {
        if (head.length() >= 0 || head.status() != 200) {
            return super.writeHead(head);
        }
        ChannelFuture switched = ctx.write(handshake.switching(head.headers()));
        socket = front.becomeWebSocket();
        return switched;
    }

    @Override
    protected ChannelFuture writePiece(Piece piece) {
        if (socket == null) {
            return super.writePiece(piece);
        }
        if (piece.last()) {
            if (midway) {
                message(Unpooled.EMPTY_BUFFER, true);
            }
            return socket.end();
        }
        return lines ? writeLines(piece) : write(inBytes(piece));
    }

    private ChannelFuture writeLines(Piece piece) {
        byte[] bytes = piece.bytes();
        int end = piece.from() + piece.length();
        ChannelFuture written = null;
        for (int at = piece.from(); at < end;) {
            int stop = at;
            while (stop < end && bytes[stop] != '\n') {
                stop++;
            }
            written = message(Unpooled.wrappedBuffer(bytes, at, stop - at), stop < end);
            at = stop + 1;
        }
        return written;
    }

    private ChannelFuture message(ByteBuf text, boolean last) {
        WebSocketFrame frame = midway ? new ContinuationWebSocketFrame(last, 0, text) : new TextWebSocketFrame(last, 0, text);
        midway = !last;
        return write(frame);
    }

    private WebSocketFrame inBytes(Piece piece) {
        if (!handshake.protocol().equals(Optional.of(Handshake.BASE64))) {
            return new BinaryWebSocketFrame(piece.buffer());
        }
        byte[] plain = Arrays.copyOfRange(piece.bytes(), piece.from(), piece.from() + piece.length());
        return new TextWebSocketFrame(new String(Base64.getEncoder().encode(plain), StandardCharsets.ISO_8859_1));
    }

    private ChannelFuture write(WebSocketFrame frame) {
        return ctx.channel().write(frame);
    }

    @Override
    protected void sent() {
        if (socket == null) {
            super.sent();
        }
    }

    @Override
    protected void breakOff(String why) {
        if (socket == null) {
            super.breakOff(why);
        } else {
            socket.breakOff(why);
        }
    }
}
