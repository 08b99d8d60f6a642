package io.manul.listener;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.SocketAddress;

/** An answer over HTTP/1.1: Content-Length when the length is known, else chunked; to an HTTP/1.0 client until the close. */
class Http1Outlet extends NettyOutlet {

    private final Http1Front front;
    private final boolean chunks;

    /** @param chunks the client speaks HTTP/1.1 and the answer may have a body */
    Http1Outlet(Http1Front front, ChannelHandlerContext ctx, boolean headOnly, boolean chunks) {
        super(ctx, headOnly);
        this.front = front;
        this.chunks = chunks && !headOnly;
    }

    @Override
    protected ChannelFuture writeHead(Head head) {
        HttpResponse out = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        head.headers().forEach((name, value) -> out.headers().set(name, value));
        if (head.length() >= 0 && !Headers.bodiless(head.status())) {
            out.headers().set(HttpHeaderNames.CONTENT_LENGTH, head.length());
        } else if (head.length() < 0 && chunks && !Headers.bodiless(head.status())) {
            out.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (front.closesAfterThis()) {
            out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture written = ctx.write(out);
        return head.last() ? ctx.write(LastHttpContent.EMPTY_LAST_CONTENT) : written;
    }

    @Override
    protected ChannelFuture writePiece(Piece piece) {
        return ctx.write(piece.last() ? new DefaultLastHttpContent(piece.buffer()) : new DefaultHttpContent(piece.buffer()));
    }

    @Override
    protected void sent() {
        front.answered();
    }

    @Override
    protected void breakOff(String why) {
        ctx.close();
    }

    @Override
    boolean joinable() {
        return chunks;
    }

    @Override
    void join(Request request, SocketAddress to) {
        ctx.executor().execute(() -> front.join(request, to));
    }
}
