package io.manul.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection: reads a whole request, hands it on, waits for its answer, goes on with the next. Lives on the
 * connection's event loop.
 */
final class Http1Front extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Http1Front.class);
    /** After a refusal, how long what the client still sends is read away: a close would destroy the answer on its way. */
    private static final long LINGER_MILLIS = 1000;

    private final Connection connection;
    private final Http1Decoder decoder;
    private ChannelHandlerContext ctx;
    private HttpRequest head;
    private Body body;
    private Call call;
    private Future<?> deadline;
    private boolean closing;
    private boolean lastOne;

    Http1Front(Connection connection, Http1Decoder decoder) {
        this.connection = connection;
        this.decoder = decoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        try {
            if (!closing && msg instanceof HttpObject part) {
                take(part);
            }
        } catch (BadRequest e) {
            refuse(e.status());
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void take(HttpObject part) throws BadRequest {
        if (part.decoderResult().isFailure()) {
            throw malformed(part.decoderResult().cause());
        }
        if (part instanceof HttpRequest request) {
            begin(request);
        }
        if (part instanceof HttpContent content && body != null) {
            body.add(content.content());
        }
        if (part instanceof LastHttpContent && head != null) {
            whole();
        }
    }

    private static BadRequest malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new BadRequest(414, "the request line is longer than " + Limits.HEAD + " bytes");
        }
        if (cause instanceof TooLongFrameException) {
            return new BadRequest(431, "the request's headers are longer than " + Limits.HEAD + " bytes");
        }
        return new BadRequest(400, "malformed HTTP request");
    }

    private void begin(HttpRequest request) throws BadRequest {
        connection.busy();
        head = request;
        body = connection.body();
        lastOne |= !HttpUtil.isKeepAlive(request) || !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (request.protocolVersion().majorVersion() != 1) {
            throw new BadRequest(505, "this port speaks HTTP/1.1, and HTTP/2 over TLS with ALPN");
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw new BadRequest(400, "the request must have one Host header");
        }
        Body.check(HttpUtil.getContentLength(request, 0L));
        if (HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void whole() throws BadRequest {
        stopDeadline();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        head.headers().forEach(h -> headers.computeIfAbsent(h.getKey().toLowerCase(Locale.ROOT), k -> new ArrayList<>(1))
                .add(h.getValue()));
        Request request = TokenProtocol.taken(
                Request.of(head.method().name(), head.uri(), headers, body.bytes(), connection.peer()));
        boolean current = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        Outlet outlet = Handshake.of(request).filter(h -> current).<Outlet>map(h -> new WebSocketOutlet(this, ctx, h))
                .orElseGet(() -> new Http1Outlet(this, ctx, request.method().equals("HEAD"), current));
        Body held = body;
        head = null;
        body = null;
        call = connection.accept(request, outlet, held);
    }

    // ---- the answer

    boolean closesAfterThis() {
        return lastOne;
    }

    void answered() {
        call = null;
        connection.free();
        if (lastOne) {
            ctx.close();
            return;
        }
        try {
            decoder.resume(ctx.pipeline().context(decoder));
        } catch (Exception e) {
            exceptionCaught(ctx, e);
            return;
        }
        watchDeadline();
    }

    /** Answers without a handler, then closes. */
    void refuse(Status status) {
        closing = true;
        stopDeadline();
        releaseBody();
        byte[] text = status.body();
        var out = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status.code()),
                Unpooled.wrappedBuffer(text));
        status.headers().forEach((name, value) -> out.headers().set(name, value));
        out.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length);
        out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.writeAndFlush(out);
        ctx.channel().config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The exchange is over here: bytes go through from now on. */
    void join(Request request, SocketAddress to) {
        call = null;
        connection.joined();
        Splice.join(ctx, decoder, this, request, to);
    }

    /** The head of the switch is written: frames follow. What has come behind the request is the first of the client's. */
    WebSocketFront becomeWebSocket() {
        WebSocketFront socket = new WebSocketFront(call);
        call = null;
        connection.joined();
        ctx.pipeline().remove(Pipelines.ENCODER);
        ctx.pipeline().addLast(WebSocketFront.codec()).addLast(socket);
        ctx.pipeline().remove(this);
        ctx.pipeline().remove(decoder);
        ctx.channel().config().setAutoRead(true);
        return socket;
    }

    // ---- time, loss, end

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        watchDeadline();
    }

    private void watchDeadline() {
        if (!closing && deadline == null && call == null && decoder.midway()) {
            deadline = ctx.executor().schedule(() -> refuse(Status.of(408, "the request was not complete within "
                    + connection.limits().read().toSeconds() + " s")), connection.limits().read().toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopDeadline();
        releaseBody();
        if (call != null) {
            call.gone();
        }
        context.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == Network.STOPPING) {
            lastOne = true;
            if (call == null && !closing) {
                context.close();
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection failed peer={} error={}", connection.peer(), cause.toString());
        context.close();
    }
}
