package io.manul.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes one request, then keeps what follows as bytes until it is told to go on: a pipelined request waits for its turn,
 * and the bytes behind an upgrade's head are still there when the connection is joined with another one. Reading goes on
 * meanwhile, so that a client's close is noticed, up to {@link #KEEP} bytes.
 */
final class Http1Decoder extends HttpRequestDecoder {

    private static final int KEEP = 64 << 10;

    private boolean paused;
    private boolean midway;

    Http1Decoder() {
        super(new HttpDecoderConfig().setMaxInitialLineLength(Limits.HEAD).setMaxHeaderSize(Limits.HEAD)
                .setMaxChunkSize(32 << 10));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (paused) {
            return;
        }
        midway = true;
        super.decode(ctx, in, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            paused = true;
            midway = false;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        super.channelRead(ctx, msg);
        if (paused && actualReadableBytes() > KEEP) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** True while a request has begun to arrive and is not whole. */
    boolean midway() {
        return midway;
    }

    /** The next request may come. */
    void resume(ChannelHandlerContext ctx) throws Exception {
        paused = false;
        if (actualReadableBytes() > 0) {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        }
        if (!paused || actualReadableBytes() <= KEEP) {
            ctx.channel().config().setAutoRead(true);
        }
    }
}
