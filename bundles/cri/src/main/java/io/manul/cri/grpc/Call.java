package io.manul.cri.grpc;

import io.manul.cri.CriException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call on its own HTTP/2 stream. The event loop puts messages and at last the status into the inbox; the caller's thread
 * takes them.
 */
final class Call extends ChannelInboundHandlerAdapter {

    /** Messages that may wait for a slow taker of a stream. */
    private static final int WAITING_LIMIT = 4096;

    private final LinkedBlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
    private final MessageReader reader = new MessageReader();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Channel stream;
    private Status http;

    /** Sends the whole request on a stream that was just opened. */
    void send(Channel opened, String method, byte[] request, long deadlineMillis) {
        stream = opened;
        if (ended.get()) {
            opened.close(); // cancelled while the stream was being opened
            return;
        }
        Http2Headers headers = new DefaultHttp2Headers(false).method("POST").scheme("http").authority("localhost").path(method)
                .set("te", "trailers").set("content-type", "application/grpc").set("user-agent", "manul");
        if (deadlineMillis > 0) {
            headers.set("grpc-timeout", timeout(deadlineMillis));
        }
        opened.write(new DefaultHttp2HeadersFrame(headers, false)).addListener(this::written);
        opened.writeAndFlush(new DefaultHttp2DataFrame(framed(request), true)).addListener(this::written);
    }

    /** A timeout has at most eight digits. */
    static String timeout(long millis) {
        return millis <= 99_999_999 ? millis + "m" : Math.min(millis / 1000, 99_999_999) + "S";
    }

    private static ByteBuf framed(byte[] request) {
        return Unpooled.wrappedBuffer(Unpooled.buffer(5, 5).writeByte(0).writeInt(request.length), Unpooled.wrappedBuffer(request));
    }

    private void written(io.netty.util.concurrent.Future<? super Void> write) {
        if (!write.isSuccess()) {
            end(new Status(CriException.Code.UNAVAILABLE, "the request could not be sent: " + write.cause()));
        }
    }

    /** The next message ({@code byte[]}), or the {@link Status} that ends the call, or null when the time is over. */
    Object next(long limitNanos) throws InterruptedException {
        return limitNanos == Long.MAX_VALUE ? inbox.take() : inbox.poll(limitNanos, TimeUnit.NANOSECONDS);
    }

    /** Ends the call at this side: the peer is told, the taker finds the status. */
    void cancel(Status status) {
        end(status);
        Channel opened = stream;
        if (opened != null && opened.isActive()) {
            opened.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).addListener(w -> opened.close());
        }
    }

    private void end(Status status) {
        if (ended.compareAndSet(false, true)) {
            inbox.add(status);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            switch (frame) {
                case Http2HeadersFrame headers -> headers(headers);
                case Http2DataFrame data -> data(data);
                case Http2ResetFrame reset -> end(Status.ofReset(reset.errorCode()));
                default -> { } // other frames say nothing about this call
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        CharSequence status = frame.headers().status();
        if (status != null && !"200".contentEquals(status)) {
            http = Status.ofHttp(status);
        }
        CharSequence grpc = frame.headers().get("grpc-status");
        if (grpc != null) {
            Status told = Status.of(grpc, frame.headers().get("grpc-message"));
            end(told.ok() && !reader.empty() ? new Status(CriException.Code.INTERNAL, "the answer ends inside a message") : told);
        } else if (frame.isEndStream()) {
            end(http != null ? http : new Status(CriException.Code.UNKNOWN, "the answer ended without a grpc-status"));
        }
    }

    private void data(Http2DataFrame frame) {
        if (http != null) {
            return; // an error page
        }
        try {
            reader.read(frame.content(), this::message);
        } catch (CriException e) {
            cancel(new Status(e.code(), e.getMessage()));
        }
        if (frame.isEndStream()) {
            end(new Status(CriException.Code.UNKNOWN, "the answer ended without a grpc-status"));
        }
    }

    private void message(byte[] message) {
        if (inbox.size() >= WAITING_LIMIT) {
            cancel(new Status(CriException.Code.RESOURCE_EXHAUSTED, WAITING_LIMIT + " messages wait for their reader; list anew"));
        } else if (!ended.get()) {
            inbox.add(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(new Status(CriException.Code.UNAVAILABLE, "the connection to the container runtime was lost"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(new Status(CriException.Code.UNAVAILABLE, "the connection to the container runtime broke: " + cause));
        context.close();
    }

    /** A stream that could not be opened: nothing was sent. */
    static Status refused(Throwable cause) {
        return new Status(CriException.Code.UNAVAILABLE, "no new stream on this connection: " + cause);
    }
}
