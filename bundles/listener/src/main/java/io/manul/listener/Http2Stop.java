package io.manul.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The end of an HTTP/2 connection: GOAWAY when the server stops, a close when the connection is broken. */
final class Http2Stop extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Network.STOPPING) {
            // the HTTP/2 codec sends GOAWAY, lets open streams end for a bounded time, then closes
            ctx.channel().close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
