package io.manul.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of a WebSocket (RFC 6455): answers its pings, notices its close. What else it says is read away, as
 * upstream does: a stream goes one way. Lives on the connection's event loop.
 */
final class WebSocketFront extends ChannelInboundHandlerAdapter {

    /** Bytes of a client's frame. */
    static final int FRAME = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketFront.class);
    /** How long the client may take to answer a close. */
    private static final long CLOSE_MILLIS = 1000;
    /** RFC 6455 section 5.5: 125 bytes, two of them the code. */
    private static final int REASON = 123;

    private final Call call;
    private ChannelHandlerContext ctx;
    private boolean closing;
    /** A ping that waits until the client reads again; only the last one needs an answer (section 5.5.3). */
    private ByteBuf owed = Unpooled.EMPTY_BUFFER;
    private boolean owing;

    WebSocketFront(Call call) {
        this.call = call;
    }

    /** What comes before this handler. */
    static ChannelHandler[] codec() {
        return new ChannelHandler[] {new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(FRAME).expectMaskedFrames(true)
                        .allowMaskMismatch(false).allowExtensions(false).withUTF8Validator(false).build())};
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        try {
            switch (msg) {
                case PingWebSocketFrame ping -> pinged(ping.content());
                case CloseWebSocketFrame close -> closed(close);
                default -> { } // see the class comment
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void pinged(ByteBuf data) {
        owed = Unpooled.copiedBuffer(data);
        owing = true;
        pong();
    }

    private void pong() {
        if (owing && !closing && ctx.channel().isWritable()) {
            owing = false;
            ctx.writeAndFlush(new PongWebSocketFrame(owed));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pong();
        context.fireChannelWritabilityChanged();
    }

    /** The client's close is answered with the same one; it may be the answer to ours. */
    private void closed(CloseWebSocketFrame close) {
        if (closing) {
            ctx.close();
            return;
        }
        leave();
        ctx.writeAndFlush(new CloseWebSocketFrame(true, 0, close.content().retain()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void leave() {
        closing = true;
        call.gone();
        closeLater();
    }

    // ---- the answer

    /** The stream is whole. */
    ChannelFuture end() {
        closing = true;
        ChannelFuture written = ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE, ""));
        return written.addListener(f -> closeLater());
    }

    /** The stream cannot go on. */
    void breakOff(String why) {
        if (!closing) {
            closing = true;
            ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, reason(why)));
        }
        closeLater();
    }

    private static String reason(String why) {
        String text = why;
        while (text.getBytes(StandardCharsets.UTF_8).length > REASON) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    private void closeLater() {
        ctx.executor().schedule(() -> ctx.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- loss

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        call.gone();
        context.fireChannelInactive();
    }

    /** The decoder has already told the client what is wrong with its frame, and closes. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A WebSocket failed error={}", cause.toString());
        if (cause instanceof DecoderException) {
            leave();
        } else {
            context.close();
        }
    }
}
