package io.manul.listener;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/** An answer on one HTTP/2 stream (RFC 9113 section 8.1). */
final class Http2Outlet extends NettyOutlet {

    private final boolean early;

    /** @param early the answer does not wait for the rest of the request: the client is told to stop sending it */
    Http2Outlet(ChannelHandlerContext ctx, boolean headOnly, boolean early) {
        super(ctx, headOnly);
        this.early = early;
    }

    @Override
    protected ChannelFuture writeHead(Head head) {
        Http2Headers out = new DefaultHttp2Headers().status(Integer.toString(head.status()));
        head.headers().forEach(out::set);
        if (head.length() >= 0 && !Headers.bodiless(head.status())) {
            out.setLong("content-length", head.length());
        }
        return ctx.write(new DefaultHttp2HeadersFrame(out, head.last()));
    }

    @Override
    protected ChannelFuture writePiece(Piece piece) {
        return ctx.write(new DefaultHttp2DataFrame(piece.buffer(), piece.last()));
    }

    @Override
    protected void sent() {
        if (early) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
    }

    @Override
    protected void breakOff(String why) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    }
}
