package io.manul.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/2 stream: one exchange (RFC 9113 section 8). Lives on the connection's event loop. */
final class Http2Front extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Http2Front.class);

    private final Connection connection;
    private ChannelHandlerContext ctx;
    private Http2Headers head;
    private Body body;
    private Call call;
    private Future<?> deadline;
    private boolean refused;
    private boolean left;

    Http2Front(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        body = connection.body();
        connection.busy();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        try {
            if (!refused) {
                take(msg);
            }
        } catch (BadRequest e) {
            refuse(e.status(), !ended(msg));
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private static boolean ended(Object frame) {
        return frame instanceof Http2HeadersFrame h && h.isEndStream() || frame instanceof Http2DataFrame d && d.isEndStream();
    }

    private void take(Object msg) throws BadRequest {
        if (msg instanceof Http2HeadersFrame frame && head == null) {
            begin(frame.headers());
        } else if (msg instanceof Http2DataFrame frame) {
            body.add(frame.content());
        }
        if (ended(msg)) {
            whole();
        } else if (deadline == null) {
            deadline = ctx.executor().schedule(() -> refuse(Status.of(408, "the request was not complete within "
                    + connection.limits().read().toSeconds() + " s"), true), connection.limits().read().toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void begin(Http2Headers headers) throws BadRequest {
        head = headers;
        if (headers.method() == null || headers.path() == null) {
            throw new BadRequest(400, "CONNECT is not served here");
        }
        Body.check(headers.getLong("content-length", 0L));
        if (headers.contains("expect", "100-continue", true)) {
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100")));
        }
    }

    private void whole() throws BadRequest {
        stopDeadline();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        head.forEach(h -> {
            String name = h.getKey().toString();
            if (!name.startsWith(":")) {
                headers.computeIfAbsent(name, k -> new ArrayList<>(1)).add(h.getValue().toString());
            }
        });
        if (head.authority() != null) {
            headers.put("host", List.of(head.authority().toString()));
        }
        String method = head.method().toString();
        Request request = Request.of(method, head.path().toString(), headers, body.bytes(), connection.peer());
        call = connection.accept(request, new Http2Outlet(ctx, method.equals("HEAD"), false), body);
    }

    /** @param early the client has not sent all of the request */
    private void refuse(Status status, boolean early) {
        refused = true;
        stopDeadline();
        body.release();
        new Http2Outlet(ctx, false, early).whole(status.code(), status.headers(), status.body());
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave();
        context.fireChannelInactive();
    }

    private void leave() {
        if (left) {
            return;
        }
        left = true;
        stopDeadline();
        connection.free();
        body.release();
        if (call != null) {
            call.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A stream failed peer={} error={}", connection.peer(), cause.toString());
        context.close();
    }
}
