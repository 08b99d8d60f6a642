package io.manul.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * One direction of two joined connections: what this one receives goes to the peer, no faster than the peer takes it. Lives
 * on the event loop that both share.
 */
final class Relay extends ChannelInboundHandlerAdapter {

    private final Channel peer;
    private final boolean passes;

    /** @param passes false: what comes is read, so that a close is noticed, and thrown away */
    Relay(Channel peer, boolean passes) {
        this.peer = peer;
        this.passes = passes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (passes) {
            peer.write(msg);
        } else {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        peer.flush();
        if (!peer.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        peer.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            endOfInput(ctx.channel());
        }
    }

    private void endOfInput(Channel here) {
        if (!passes) {
            here.close();
        } else if (peer instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
            closeAfterFlush(peer);
            closeAfterFlush(here);
        } else {
            shutOutput(peer);
        }
    }

    /** Half-close where the channel can; a TLS connection is closed. */
    static void shutOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> duplex.shutdownOutput());
        } else {
            closeAfterFlush(channel);
        }
    }

    private static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closeAfterFlush(peer);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
